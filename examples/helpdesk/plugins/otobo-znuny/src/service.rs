//! The ticket system: the contract on top of the web service.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use helpdesk_api::{
    Error, ErrorKind, ExposeSecret, Note, Result, SearchCriteria, SecretString, Ticket,
    TicketSystem, async_trait,
};
use helpdesk_http_client::{Fault, Http, HttpError, Method, Once, Request, Response, Url};
use serde_json::Value;

use crate::answer::Answer;
use crate::question::{self, Body, number};
use crate::{OperationUrls, OtoboZnunyConfig};

/// So many tickets are read at the same time.
const AT_ONCE: usize = 8;

/// OTOBO or Znuny as a ticket system.
pub struct OtoboZnuny {
    http: Arc<dyn Http>,
    urls: Urls,
    username: String,
    password: SecretString,
    timeout: Duration,
    once: Once,
}

struct Urls {
    create: Url,
    search: Url,
    get: Url,
    update: Url,
}

impl OtoboZnuny {
    /// A ticket system; it connects to nobody yet.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if an address of the configuration is none.
    pub fn new(http: Arc<dyn Http>, config: OtoboZnunyConfig) -> Result<Self> {
        Ok(Self {
            http,
            urls: Urls::new(&config)?,
            username: config.username,
            password: config.password.into(),
            timeout: config.timeout.get(),
            once: Once::default(),
        })
    }

    /// Asks, or orders what does no harm when it is ordered twice.
    async fn ask(&self, method: Method, url: &Url, body: Body) -> Result<Response, HttpError> {
        self.http
            .send(self.request(method, url, body).repeatable(true))
            .await
    }

    fn request(&self, method: Method, url: &Url, mut body: Body) -> Request {
        body.insert("UserLogin".to_owned(), self.username.clone().into());
        let password = self.password.expose_secret();
        body.insert("Password".to_owned(), password.into());
        Request::new(method, url.clone())
            .json(&Value::Object(body))
            .timeout(Some(self.timeout))
            .hide(&self.password)
    }

    async fn ticket(&self, question: Body) -> Result<Option<Ticket>, HttpError> {
        let response = self.ask(Method::POST, &self.urls.get, question).await?;
        Answer::read(&response)?.ticket(&response)
    }

    /// Changes fields and adds a note, which is done once.
    async fn change(&self, id: u64, updates: &Ticket, note: Option<&Note>) -> Result<()> {
        let body = question::update(id, updates, note)?;
        let sent = match note {
            None => self
                .ask(Method::PUT, &self.urls.update, body)
                .await
                .and_then(|response| updated(&response)),
            Some(note) => {
                let act = || async {
                    let request = self.request(Method::PUT, &self.urls.update, body.clone());
                    self.http
                        .send(request.repeatable(false))
                        .await
                        .and_then(|response| updated(&response))
                };
                let look = || async {
                    let ticket = self.ticket(question::newest(id)).await?.unwrap_or_default();
                    Ok(ticket
                        .notes
                        .iter()
                        .flatten()
                        .any(|known| known.reads_like(note)))
                };
                let name = format!("{id} {} {}", note.subject, note.body);
                self.once.act(&name, act, look).await
            }
        };
        sent.map_err(|error| error.while_doing(format!("cannot update ticket {id}")))
    }
}

impl Urls {
    fn new(config: &OtoboZnunyConfig) -> Result<Self> {
        let OperationUrls {
            ticket_create,
            ticket_search,
            ticket_get,
            ticket_update,
        } = &config.operation_urls;
        let service = format!(
            "{}/Webservice/{}",
            config.base_url.trim_end_matches('/'),
            config.webservice_name
        );
        let url = |operation: &str| {
            let address = format!("{service}/{}", operation.trim_start_matches('/'));
            let url = Url::parse(&address).ok();
            url.filter(|url| matches!(url.scheme(), "http" | "https"))
                .ok_or_else(|| {
                    let message = "`base_url` is no address that begins with http:// or https://";
                    Error::new(ErrorKind::Invalid, message)
                })
        };
        Ok(Self {
            create: url(ticket_create)?,
            search: url(ticket_search)?,
            get: url(ticket_get)?,
            update: url(ticket_update)?,
        })
    }
}

/// An update that succeeded is answered with the ticket.
fn updated(response: &Response) -> Result<(), HttpError> {
    let ticket = Answer::read(response)?.ticket(response)?;
    match ticket {
        Some(_) => Ok(()),
        None => Err(response.fault(Fault::Garbled, "the answer has no `Ticket`")),
    }
}

#[async_trait]
impl TicketSystem for OtoboZnuny {
    async fn create_ticket(&self, ticket: Ticket) -> Result<Ticket> {
        let body = question::create(&ticket)?;
        let request = self.request(Method::POST, &self.urls.create, body);
        let created = async {
            let response = self.http.send(request.repeatable(false)).await?;
            let answer = Answer::read(&response)?;
            let id = answer.ids().into_iter().next();
            match (answer.ticket(&response)?, id) {
                (Some(created), _) => Ok(created),
                (None, Some(id)) => Ok(Ticket {
                    id: Some(id),
                    ..ticket
                }),
                (None, None) => Err(response.fault(Fault::Garbled, "the answer has no `TicketID`")),
            }
        };
        let created: Result<Ticket, HttpError> = created.await;
        created.map_err(|error| error.while_doing("cannot create a ticket"))
    }

    async fn update_ticket(&self, id: &str, updates: Ticket) -> Result<bool> {
        let id = number(id, "ticket")?;
        let note = updates.notes.iter().flatten().last();
        self.change(id, &updates, note).await?;
        Ok(true)
    }

    async fn find_tickets(&self, criteria: SearchCriteria) -> Result<Vec<Ticket>> {
        if criteria.limit == 0 {
            return Ok(Vec::new());
        }
        let question = question::search(&criteria)?;
        let searched = self.ask(Method::POST, &self.urls.search, question).await;
        let ids = searched
            .and_then(|response| Ok(Answer::read(&response)?.ids()))
            .map_err(|error| error.while_doing("cannot search for tickets"))?;
        let ids = ids.into_iter().skip(criteria.offset as usize);
        let ids: Vec<String> = ids.take(criteria.limit as usize).collect();
        let found: Vec<Option<Ticket>> = stream::iter(ids)
            .map(|id| async move { self.get_ticket(&id).await })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn get_ticket(&self, id: &str) -> Result<Option<Ticket>> {
        let id = number(id, "ticket")?;
        let ticket = self.ticket(question::get(id)).await;
        ticket.map_err(|error| error.while_doing(format!("cannot read ticket {id}")))
    }

    async fn add_note(&self, id: &str, note: Note) -> Result<bool> {
        let id = number(id, "ticket")?;
        self.change(id, &Ticket::default(), Some(&note)).await?;
        Ok(true)
    }
}
