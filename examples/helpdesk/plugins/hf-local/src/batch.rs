//! One model at work: requests that come while it computes wait and are then answered together, on a thread where that
//! may block.

use std::sync::Arc;

use helpdesk_api::Classification;
use tokio::sync::{mpsc, oneshot};

use crate::ModelError;

/// How many texts are computed at once. Memory grows with it; on a CPU little speed is gained beyond.
const BATCH: usize = 16;

/// Labels some texts; an answer for each, or one error for all.
pub(crate) trait Label: Send + Sync + 'static {
    fn label(&self, texts: &[String]) -> Vec<Result<Classification, ModelError>>;
}

struct Job {
    text: String,
    answer: oneshot::Sender<Result<Classification, ModelError>>,
}

/// A handle on a model. The model goes when the last handle does, once it has answered what was asked before.
#[derive(Clone)]
pub(crate) struct Desk(mpsc::Sender<Job>);

impl Desk {
    /// Puts a model to work. Needs a tokio runtime.
    pub(crate) fn open(model: impl Label) -> Self {
        let (sender, receiver) = mpsc::channel(BATCH);
        tokio::spawn(work(Arc::new(model), receiver));
        Self(sender)
    }

    /// Labels a text.
    pub(crate) async fn label(&self, text: String) -> Result<Classification, ModelError> {
        let gone = || ModelError::NoResult("the computation broke off".to_owned());
        let (answer, answered) = oneshot::channel();
        let job = Job { text, answer };
        self.0.send(job).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

async fn work(model: Arc<dyn Label>, mut jobs: mpsc::Receiver<Job>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut waiting, BATCH).await > 0 {
        // Whoever has given up in the meantime needs no answer.
        waiting.retain(|job| !job.answer.is_closed());
        let (texts, answers): (Vec<_>, Vec<_>) =
            waiting.drain(..).map(|job| (job.text, job.answer)).unzip();
        if texts.is_empty() {
            continue;
        }
        let model = model.clone();
        let computed = tokio::task::spawn_blocking(move || model.label(&texts)).await;
        // After a panic the senders are dropped, and everybody who waits is told so.
        for (answer, result) in answers.into_iter().zip(computed.unwrap_or_default()) {
            // Nobody waits for it any more.
            let _ = answer.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};

    use super::*;

    /// Answers each text with itself, and holds the first batch back until it may go on.
    #[derive(Default)]
    struct Echo {
        batches: Mutex<Vec<usize>>,
        open: Mutex<bool>,
        opened: Condvar,
    }

    impl Echo {
        fn open(&self) {
            *self.open.lock().expect("not poisoned") = true;
            self.opened.notify_all();
        }
    }

    impl Label for Arc<Echo> {
        fn label(&self, texts: &[String]) -> Vec<Result<Classification, ModelError>> {
            self.batches.lock().expect("not poisoned").push(texts.len());
            let open = self.open.lock().expect("not poisoned");
            drop(self.opened.wait_while(open, |open| !*open));
            assert!(!texts.contains(&"panic".to_owned()), "as it was told");
            let echo = |text: &String| {
                Ok(Classification {
                    label: text.clone(),
                    confidence: 1.0,
                })
            };
            texts.iter().map(echo).collect()
        }
    }

    #[tokio::test]
    async fn what_is_asked_while_the_model_computes_is_answered_together() {
        let echo = Arc::new(Echo::default());
        let desk = Desk::open(echo.clone());
        let mut asked = tokio::task::JoinSet::new();
        let ask = |text: String| {
            let desk = desk.clone();
            async move {
                desk.label(text.clone())
                    .await
                    .map(|answer| (text, answer.label))
            }
        };
        asked.spawn(ask("first".to_owned()));
        while echo.batches.lock().expect("not poisoned").is_empty() {
            tokio::task::yield_now().await;
        }
        for number in 0..5 {
            asked.spawn(ask(number.to_string()));
        }
        // All five have to be in the queue.
        while desk.0.capacity() > BATCH - 5 {
            tokio::task::yield_now().await;
        }
        echo.open();
        for answer in asked.join_all().await {
            let (text, label) = answer.expect("an answer");
            assert_eq!(text, label);
        }
        assert_eq!(*echo.batches.lock().expect("not poisoned"), [1, 5]);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_of_its_batch_and_the_next_one_is_answered() {
        let echo = Arc::new(Echo::default());
        echo.open();
        let desk = Desk::open(echo);
        let error = desk.label("panic".to_owned()).await.expect_err("a panic");
        assert_eq!(
            error.to_string(),
            "the model came to no result: the computation broke off"
        );
        let answer = desk.label("on".to_owned()).await.expect("an answer");
        assert_eq!(answer.label, "on");
    }
}
