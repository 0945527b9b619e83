//! The ticket system: the contract on top of Zammad's interface.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_api::{
    Error, ErrorKind, ExposeSecret, Note, Result, SearchCriteria, SecretString, Ticket,
    TicketSystem, async_trait,
};
use helpdesk_http_client::{
    Fault, HeaderValue, Http, HttpError, Method, Once, Request, Response, Trust, Url, header,
};
use serde::Deserialize;
use serde_json::Value;

use crate::ZammadConfig;
use crate::answer::{Article, Found, found};
use crate::question::{self, number};

/// A note that may have been added is looked for among so many articles, the newest ones.
const LOOKED_AT: usize = 10;

/// Zammad as a ticket system.
pub struct Zammad {
    http: Arc<dyn Http>,
    base_url: Url,
    authorization: HeaderValue,
    token: SecretString,
    timeout: Option<Duration>,
    trust: Trust,
    internal_notes: bool,
    once: Once,
}

impl Zammad {
    /// A ticket system; it connects to nobody yet.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for a token that no request can carry.
    pub fn new(http: Arc<dyn Http>, config: ZammadConfig) -> Result<Self> {
        let token: SecretString = config.access_token.into();
        let authorization = format!("Token token={}", token.expose_secret());
        let mut authorization = HeaderValue::try_from(authorization).map_err(|_| {
            let message = "`access_token` has characters that no token has, such as a line break";
            Error::new(ErrorKind::Invalid, message)
        })?;
        authorization.set_sensitive(true);
        Ok(Self {
            http,
            base_url: config.base_url,
            authorization,
            token,
            timeout: config.timeout.map(treenail::Duration::get),
            trust: config.verify.into(),
            internal_notes: config.internal_notes,
            once: Once::default(),
        })
    }

    /// A request to `/api/v1/…` with these parts of a path.
    fn request(&self, method: Method, path: &[&str]) -> Request {
        self.request_with(method, path, &[])
    }

    fn request_with(&self, method: Method, path: &[&str], query: &[(&str, &str)]) -> Request {
        let mut url = self.base_url.clone();
        // An address that begins with http:// or https:// always has a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Request::new(method, url)
            .header(header::AUTHORIZATION, self.authorization.clone())
            .timeout(self.timeout)
            .trust(self.trust.clone())
            .hide(&self.token)
    }

    /// A ticket without its articles, unless they came along.
    async fn bare(&self, id: u64) -> Result<Option<Found>, HttpError> {
        let (id, query) = (id.to_string(), [("expand", "articles")]);
        let request = self.request_with(Method::GET, &["tickets", &id], &query);
        match self.http.send(request).await {
            Ok(response) => response.json().map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn articles(&self, id: u64) -> Result<Vec<Article>, HttpError> {
        let path = ["ticket_articles", "by_ticket", &id.to_string()];
        self.http
            .send(self.request(Method::GET, &path))
            .await?
            .json()
    }

    async fn whole(&self, mut ticket: Found) -> Result<Ticket, HttpError> {
        let articles = match ticket.articles() {
            Some(articles) => articles,
            None => self.articles(ticket.id).await?,
        };
        Ok(ticket.with(articles))
    }

    /// The ticket that an entry of a search stands for: an id, or a ticket. Anything else is none.
    async fn entry(&self, response: &Response, entry: Value) -> Result<Option<Ticket>, HttpError> {
        let id = match &entry {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            Value::Object(_) => {
                let ticket = Found::deserialize(entry)
                    .map_err(|error| response.fault(Fault::Garbled, &error.to_string()))?;
                return self.whole(ticket).await.map(Some);
            }
            _ => None,
        };
        let Some(id) = id else { return Ok(None) };
        match self.bare(id).await? {
            Some(ticket) => self.whole(ticket).await.map(Some),
            None => Ok(None),
        }
    }

    async fn search(&self, criteria: &SearchCriteria) -> Result<Vec<Ticket>, HttpError> {
        let query = [
            ("limit", criteria.limit.to_string()),
            ("offset", criteria.offset.to_string()),
            ("expand", "articles".to_owned()),
            ("query", question::query(criteria)),
        ];
        let query = query
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let request = self.request_with(Method::GET, &["tickets", "search"], &query);
        let response = self.http.send(request).await?;
        let mut tickets = Vec::new();
        for entry in found(response.json()?) {
            tickets.extend(self.entry(&response, entry).await?);
        }
        Ok(tickets)
    }

    /// Changes fields; `false` if there is no such ticket.
    async fn change(&self, id: u64, updates: &Ticket) -> Result<bool, HttpError> {
        let fields = question::fields(updates);
        if fields.is_empty() {
            return Ok(true);
        }
        let request = self.request(Method::PUT, &["tickets", &id.to_string()]);
        let changed = self.http.send(request.json(&fields.into())).await;
        existing(
            changed
                .and_then(|response| response.json::<Found>())
                .map(|_| ()),
        )
    }

    /// Adds a note, once; `false` if there is no such ticket.
    async fn note(&self, id: u64, note: &Note) -> Result<bool, HttpError> {
        let body = question::note(id, note, self.internal_notes);
        let act = || async {
            let request = self.request(Method::POST, &["ticket_articles"]).json(&body);
            let response = self.http.send(request).await?;
            response.json::<Article>().map(|_| ())
        };
        let look = || async {
            let articles = self.articles(id).await?;
            let mut newest = articles.into_iter().rev().take(LOOKED_AT).map(Note::from);
            Ok(newest.any(|known| known.reads_like(note)))
        };
        let name = format!("{id} {} {}", note.subject, note.body);
        existing(self.once.act(&name, act, look).await)
    }
}

/// `false` where the service says that there is nothing to act upon.
fn existing(done: Result<(), HttpError>) -> Result<bool, HttpError> {
    match done {
        Ok(()) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

#[async_trait]
impl TicketSystem for Zammad {
    async fn create_ticket(&self, ticket: Ticket) -> Result<Ticket> {
        let request = self
            .request(Method::POST, &["tickets"])
            .json(&question::create(&ticket));
        let response = self.http.send(request).await;
        let made = response.and_then(|response| response.json::<Found>());
        made.map(|made| made.made_from(ticket))
            .map_err(|error| error.while_doing("cannot create a ticket"))
    }

    async fn update_ticket(&self, id: &str, updates: Ticket) -> Result<bool> {
        let id = number(id)?;
        let doing = format!("cannot update ticket {id}");
        let changed = match self.change(id, &updates).await {
            Ok(changed) => changed,
            Err(error) => return Err(error.while_doing(doing)),
        };
        match updates.notes.iter().flatten().last() {
            Some(note) if changed => self
                .note(id, note)
                .await
                .map_err(|error| error.while_doing(doing)),
            _ => Ok(changed),
        }
    }

    async fn find_tickets(&self, criteria: SearchCriteria) -> Result<Vec<Ticket>> {
        if criteria.limit == 0 {
            return Ok(Vec::new());
        }
        let tickets = self.search(&criteria).await;
        tickets.map_err(|error| error.while_doing("cannot search for tickets"))
    }

    async fn get_ticket(&self, id: &str) -> Result<Option<Ticket>> {
        let id = number(id)?;
        let ticket = async {
            match self.bare(id).await? {
                Some(ticket) => self.whole(ticket).await.map(Some),
                None => Ok(None),
            }
        };
        let ticket: Result<Option<Ticket>, HttpError> = ticket.await;
        ticket.map_err(|error| error.while_doing(format!("cannot read ticket {id}")))
    }

    async fn add_note(&self, id: &str, note: Note) -> Result<bool> {
        let id = number(id)?;
        let noted = self.note(id, &note).await;
        noted.map_err(|error| error.while_doing(format!("cannot add a note to ticket {id}")))
    }
}
