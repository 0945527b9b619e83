//! The table to learn from: one text a row, one column of labels a model.

use std::collections::BTreeMap;
use std::io::Read;

use helpdesk_api::{Error, ErrorKind, Result};

/// The column that holds what is to be labelled.
const TEXT: &str = "text";

/// Labelled texts.
pub(crate) struct Table {
    pub(crate) texts: Vec<String>,
    /// The labels of the texts, in their order, by the name of the model that learns them.
    pub(crate) labels: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// The table that comes with the plugin.
    pub(crate) fn shipped() -> Result<Self> {
        let text = include_bytes!("../data/tickets.csv");
        Self::read("the table of the plugin", text.as_slice())
    }

    /// Reads CSV; `name` is what errors call it.
    pub(crate) fn read(name: &str, source: impl Read) -> Result<Self> {
        let wrong = |reason: String| Error::new(ErrorKind::Invalid, format!("{name}: {reason}"));
        let unreadable = |error| {
            let doing = format!("cannot read {name}");
            Error::caused_by(ErrorKind::Garbled, doing, error)
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(source);
        let header = reader.headers().map_err(unreadable)?.clone();
        let text_column = header
            .iter()
            .position(|column| column == TEXT)
            .ok_or_else(|| wrong(format!("there is no column `{TEXT}`")))?;
        let mut texts = Vec::new();
        let mut columns = vec![Vec::new(); header.len()];
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            for (column, field) in record.iter().enumerate() {
                if field.is_empty() {
                    return Err(wrong(format!("line {line} has no `{}`", &header[column])));
                }
                if column == text_column {
                    texts.push(field.to_owned());
                } else {
                    columns[column].push(field.to_owned());
                }
            }
        }
        columns.remove(text_column);
        let models = header
            .iter()
            .filter(|column| *column != TEXT)
            .map(str::to_owned);
        let labels: BTreeMap<_, _> = models.zip(columns).collect();
        if labels.is_empty() {
            return Err(wrong("there is no column of labels".to_owned()));
        }
        if labels.len() + 1 != header.len() {
            return Err(wrong("two columns have one name".to_owned()));
        }
        Ok(Self { texts, labels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let error = Table::read("t.csv", text.as_bytes())
            .err()
            .expect("refused");
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}; {}", cause.unwrap_or_default())
    }

    #[test]
    fn every_column_but_the_text_is_a_model() {
        let table = Table::read(
            "t.csv",
            "a,text,b\n1,hello,2\n3,\"you, there\",4\n".as_bytes(),
        );
        let table = table.expect("a table");
        assert_eq!(table.texts, ["hello", "you, there"]);
        assert_eq!(table.labels["a"], ["1", "3"]);
        assert_eq!(table.labels["b"], ["2", "4"]);
    }

    #[test]
    fn a_table_that_cannot_be_learned_from_is_refused_with_the_reason() {
        assert!(refused("subject,queue\na,b\n").contains("no column `text`"));
        assert!(refused("text\na\n").contains("no column of labels"));
        assert!(refused("text,queue\na,\n").contains("line 2 has no `queue`"));
        assert!(refused("text,queue,queue\na,b,c\n").contains("two columns"));
        assert!(refused("text,queue\na,b,c\n").contains("cannot read t.csv"));
    }

    #[test]
    fn the_shipped_table_has_the_models_queue_and_priority() {
        let table = Table::shipped().expect("it is shipped");
        let models: Vec<_> = table.labels.keys().collect();
        assert_eq!(models, ["priority", "queue"]);
        assert!(table.texts.len() > 150);
    }
}
