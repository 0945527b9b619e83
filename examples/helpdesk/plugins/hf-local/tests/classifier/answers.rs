//! What models answer.

use helpdesk_api::{ClassificationRequest, Classifier};
use helpdesk_fakes::{Encoder, LABELS, TinyModel};
use serde_json::json;

use crate::oracle::confidences;
use crate::{ask, saved, service};

const BOTH: [Encoder; 2] = [Encoder::Bert, Encoder::DistilBert];

/// After every norm a lone direction is (√3, -1/√3, -1/√3, -1/√3); what is left is the head.
fn confidence_by_construction(encoder: Encoder) -> f64 {
    let (to, from) = (3.0_f64.sqrt(), -1.0 / 3.0_f64.sqrt());
    let (to, from) = match encoder {
        Encoder::Bert => (to.tanh(), from.tanh()),
        Encoder::DistilBert => (to, 0.0),
    };
    to.exp() / (to.exp() + 2.0 * from.exp())
}

#[tokio::test]
async fn a_tiny_model_says_what_it_was_made_to_say() {
    for encoder in BOTH {
        let folder = saved(&TinyModel::pointing(encoder));
        let service = service();
        for (text, label) in [
            ("The VPN is broken", "Network"),
            ("printers", "Hardware"),
            ("the salary", "Payroll"),
        ] {
            let answer = ask(&service, folder.path(), text).await.expect("an answer");
            assert_eq!(answer.label, label, "{encoder:?}: {text}");
            let expected = confidence_by_construction(encoder);
            let off = (answer.confidence - expected).abs();
            assert!(off < 1e-5, "{encoder:?}: {answer:?}, expected {expected}");
        }
        // Nothing in it that the model knows: all labels are equally likely.
        let answer = ask(&service, folder.path(), "??").await.expect("an answer");
        assert!((answer.confidence - 1.0 / 3.0).abs() < 1e-6, "{answer:?}");
    }
}

#[tokio::test]
async fn the_numbers_are_those_of_a_computation_by_hand() {
    let texts: [(&str, &[usize]); 5] = [
        ("", &[2, 3]),
        ("vpn", &[2, 4, 3]),
        ("the printers is broken", &[2, 7, 5, 10, 8, 9, 3]),
        ("salary what", &[2, 6, 1, 3]),
        ("the the vpn", &[2, 7, 7, 4, 3]),
    ];
    for encoder in BOTH {
        let tiny = TinyModel::arbitrary(encoder);
        let folder = saved(&tiny);
        let service = service();
        for (text, tokens) in texts {
            let answer = ask(&service, folder.path(), text).await.expect("an answer");
            let expected = confidences(&tiny, tokens);
            let at = LABELS.iter().position(|label| *label == answer.label);
            let at = at.expect("one of the labels");
            assert!(
                expected.iter().all(|other| *other <= expected[at]),
                "{encoder:?}, {text:?}: {answer:?}, expected {expected:?}"
            );
            assert!(
                (answer.confidence - expected[at]).abs() < 1e-4,
                "{encoder:?}, {text:?}: {answer:?}, expected {expected:?}"
            );
        }
    }
}

#[tokio::test]
async fn texts_of_different_length_that_are_computed_together_do_not_disturb_each_other() {
    for encoder in BOTH {
        let folder = saved(&TinyModel::pointing(encoder));
        let service = service();
        ask(&service, folder.path(), "").await.expect("loaded");
        let texts = ["vpn", "the the printer", "salary is is is", "printer"];
        let mut asked = tokio::task::JoinSet::new();
        for number in 0..40 {
            let (service, model) = (service.clone(), folder.path().to_owned());
            asked.spawn(async move {
                let text = texts[number % texts.len()];
                (text, ask(&service, &model, text).await)
            });
        }
        for (text, answer) in asked.join_all().await {
            let answer = answer.expect("an answer");
            let label = match text {
                "vpn" => "Network",
                "salary is is is" => "Payroll",
                _ => "Hardware",
            };
            assert_eq!(answer.label, label, "{encoder:?}: {text}");
            let off = (answer.confidence - confidence_by_construction(encoder)).abs();
            assert!(off < 1e-5, "{encoder:?}: {text}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_into_the_model_is_cut_off() {
    let service = service();
    let text = |before: usize| "the ".repeat(before) + "vpn";
    let label = async |folder: &tempfile::TempDir, before: usize| {
        let answer = ask(&service, folder.path(), &text(before)).await;
        answer.expect("an answer").confidence > 0.5
    };
    // Eight positions, two of them for the marks at both ends.
    let folder = saved(&TinyModel::pointing(Encoder::Bert));
    assert!(label(&folder, 5).await);
    assert!(!label(&folder, 6).await);
    assert!(!label(&folder, 10_000).await);

    let mut tiny = TinyModel::pointing(Encoder::Bert);
    tiny.tokenizer_settings = Some(json!({ "model_max_length": 5 }));
    let folder = saved(&tiny);
    assert!(label(&folder, 2).await);
    assert!(!label(&folder, 3).await);

    tiny.tokenizer_settings = Some(json!({
        "model_max_length": 1e30, "truncation_side": "left", "tokenizer_class": "BertTokenizer",
    }));
    let folder = saved(&tiny);
    assert!(label(&folder, 10_000).await);
}

#[tokio::test]
async fn settings_that_were_saved_with_a_tokenizer_do_not_count() {
    let mut tiny = TinyModel::pointing(Encoder::Bert);
    tiny.tokenizer["padding"] = json!({
        "strategy": { "Fixed": 8 }, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0,
        "pad_type_id": 0, "pad_token": "[PAD]",
    });
    tiny.tokenizer["truncation"] = json!({
        "direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0,
    });
    let folder = saved(&tiny);
    let answer = ask(&service(), folder.path(), "the vpn")
        .await
        .expect("an answer");
    assert_eq!(answer.label, "Network");
}

#[tokio::test]
async fn labels_without_names_are_numbered_and_questions_of_their_own_get_their_own_confidence() {
    let mut tiny = TinyModel::pointing(Encoder::Bert);
    tiny.config["id2label"] = json!(null);
    tiny.config["num_labels"] = json!(3);
    let folder = saved(&tiny);
    let answer = ask(&service(), folder.path(), "printer")
        .await
        .expect("an answer");
    assert_eq!(answer.label, "LABEL_1");

    tiny.config["problem_type"] = json!("multi_label_classification");
    let folder = saved(&tiny);
    let answer = ask(&service(), folder.path(), "printer")
        .await
        .expect("an answer");
    let expected = 1.0 / (1.0 + (-3.0_f64.sqrt().tanh()).exp());
    assert!((answer.confidence - expected).abs() < 1e-5, "{answer:?}");
}

#[tokio::test]
async fn weights_may_lie_in_several_files() {
    let tiny = TinyModel::pointing(Encoder::Bert);
    let folder = saved(&tiny);
    let path = |name: &str| folder.path().join(name);
    std::fs::remove_file(path("model.safetensors")).expect("removed");
    let parts = ["model-1-of-2.safetensors", "model-2-of-2.safetensors"];
    let in_first = |name: &str| name.contains("embeddings");
    tiny.save_weights(&path(parts[0]), in_first);
    tiny.save_weights(&path(parts[1]), |name| !in_first(name));
    let map: serde_json::Map<_, _> = tiny
        .weights
        .keys()
        .map(|name| (name.clone(), json!(parts[usize::from(!in_first(name))])))
        .collect();
    let index = json!({ "metadata": {}, "weight_map": map });
    std::fs::write(path("model.safetensors.index.json"), index.to_string()).expect("written");
    let answer = ask(&service(), folder.path(), "vpn")
        .await
        .expect("an answer");
    assert_eq!(answer.label, "Network");
}

#[tokio::test]
async fn a_loaded_model_needs_its_files_no_more() {
    let folder = saved(&TinyModel::pointing(Encoder::Bert));
    let service = service();
    let model = folder.path().to_str().expect("a name").to_owned();
    ask(&service, folder.path(), "vpn")
        .await
        .expect("an answer");
    drop(folder);
    let request = ClassificationRequest::new(&model, "printer");
    let answer = service.classify(request).await.expect("an answer");
    assert_eq!(answer.label, "Hardware");
    service.release();
    let request = ClassificationRequest::new(&model, "printer");
    service.classify(request).await.expect_err("it is gone");
}
