//! Everything that can be wrong with a model on this machine, and what is said about it.

use std::error::Error as _;
use std::path::Path;

use helpdesk_api::ErrorKind;
use helpdesk_fakes::{Encoder, TinyModel};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{ask, saved, service};

/// The kind of the error that a model gives, and what it says, its folder named `~`.
async fn error(folder: &Path) -> (ErrorKind, String) {
    let error = ask(&service(), folder, "vpn").await.expect_err("a fault");
    let cause = error.source().expect("a cause").to_string();
    let folder = folder.to_str().expect("a name");
    assert_eq!(
        error.to_string(),
        format!("model `{folder}` cannot be used")
    );
    (error.kind(), cause.replace(folder, "~"))
}

async fn expect(folder: &TempDir, kind: ErrorKind, words: &str) {
    let found = error(folder.path()).await;
    assert_eq!(found, (kind, words.to_owned()));
}

/// A model with this change to its `config.json`.
fn with(key: &str, value: Value) -> TempDir {
    let mut tiny = TinyModel::pointing(Encoder::Bert);
    tiny.config[key] = value;
    saved(&tiny)
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    for (file, words) in [
        ("config.json", "it has no file `config.json`"),
        (
            "tokenizer.json",
            "it has no file `tokenizer.json`: save the model again with a fast tokenizer, which writes one",
        ),
        (
            "model.safetensors",
            "it has no file `model.safetensors` or `pytorch_model.bin`",
        ),
    ] {
        let folder = saved(&TinyModel::pointing(Encoder::Bert));
        std::fs::remove_file(folder.path().join(file)).expect("removed");
        expect(&folder, ErrorKind::NotFound, words).await;
    }
}

#[tokio::test]
async fn a_name_that_is_neither_a_folder_nor_of_the_hub_is_refused() {
    let (kind, words) = error(Path::new("/nowhere/model")).await;
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(words.starts_with("there is no such folder"), "{words}");
}

#[tokio::test]
async fn a_file_that_is_not_what_its_name_says_is_named_with_the_reason() {
    for (file, reason) in [
        ("config.json", "expected value at line 1 column 1"),
        ("tokenizer.json", "expected value at line 1 column 1"),
        ("model.safetensors", ""),
    ] {
        for bytes in [&b"? really"[..], b""] {
            let folder = saved(&TinyModel::pointing(Encoder::Bert));
            std::fs::write(folder.path().join(file), bytes).expect("written");
            let (kind, words) = error(folder.path()).await;
            assert_eq!(kind, ErrorKind::Garbled, "{words}");
            let start = format!("~/{file} cannot be read: ");
            assert!(
                words.starts_with(&start) && words.len() > start.len(),
                "{words}"
            );
            assert!(bytes.is_empty() || words.contains(reason), "{words}");
        }
    }
}

#[tokio::test]
async fn weights_that_end_in_the_middle_are_refused() {
    let folder = saved(&TinyModel::pointing(Encoder::Bert));
    let path = folder.path().join("model.safetensors");
    let bytes = std::fs::read(&path).expect("read");
    std::fs::write(&path, &bytes[..bytes.len() - 100]).expect("written");
    let (kind, words) = error(folder.path()).await;
    assert_eq!(kind, ErrorKind::Garbled);
    assert!(
        words.starts_with("~/model.safetensors cannot be read: "),
        "{words}"
    );
}

#[tokio::test]
async fn another_architecture_is_named_with_those_that_are_supported() {
    expect(
        &with("model_type", json!("roberta")),
        ErrorKind::Invalid,
        "its config.json says model_type = `roberta`; supported are `bert` and `distilbert`",
    )
    .await;
    expect(
        &with("model_type", json!(null)),
        ErrorKind::Invalid,
        "its config.json says model_type = `(absent)`; supported are `bert` and `distilbert`",
    )
    .await;
    expect(
        &with("position_embedding_type", json!("relative_key")),
        ErrorKind::Invalid,
        "its config.json says position_embedding_type = `relative_key`; supported are `absolute`",
    )
    .await;
    expect(
        &with("hidden_act", json!("silu")),
        ErrorKind::Invalid,
        "its config.json says hidden_act = `silu`; supported are `gelu`, `gelu_new`, `gelu_pytorch_tanh` and `relu`",
    )
    .await;
    expect(
        &with("problem_type", json!("regression")),
        ErrorKind::Invalid,
        "its config.json says problem_type = `regression`; supported are `single_label_classification` and \
         `multi_label_classification`",
    )
    .await;
}

#[tokio::test]
async fn labels_that_do_not_fit_are_counted() {
    expect(
        &with("id2label", json!({"0": "a", "2": "b"})),
        ErrorKind::Garbled,
        "its parts do not fit together: id2label in config.json has 2 labels and none with the number 1",
    )
    .await;
    expect(
        &with("id2label", json!({"0": "a", "1": "b"})),
        ErrorKind::Garbled,
        "its parts do not fit together: config.json has 2 labels, the weights have 3",
    )
    .await;
}

#[tokio::test]
async fn sizes_that_do_not_fit_are_an_error_and_no_panic() {
    for (key, value) in [
        ("num_attention_heads", json!(0)),
        ("num_attention_heads", json!(3)),
        ("hidden_size", json!(0)),
        ("hidden_size", json!(6)),
        ("num_hidden_layers", json!(2)),
        ("num_hidden_layers", json!(4_000_000_000_u64)),
        ("intermediate_size", json!(9)),
        ("vocab_size", json!(12)),
        ("max_position_embeddings", json!(512)),
        ("max_position_embeddings", json!(2)),
        ("type_vocab_size", json!(0)),
    ] {
        let (kind, words) = error(with(key, value.clone()).path()).await;
        assert_eq!(kind, ErrorKind::Garbled, "{key} = {value}: {words}");
        let start = "its parts do not fit together: ";
        assert!(words.starts_with(start), "{key} = {value}: {words}");
    }
    expect(
        &with("vocab_size", json!(10)),
        ErrorKind::Garbled,
        "its parts do not fit together: the tokenizer has a token with the number 10, the model knows 10",
    )
    .await;
}

#[tokio::test]
async fn a_model_that_was_trained_for_something_else_is_told_from_its_weights() {
    let mut tiny = TinyModel::pointing(Encoder::Bert);
    tiny.weights
        .retain(|name, _| !name.starts_with("classifier"));
    expect(
        &saved(&tiny),
        ErrorKind::NotFound,
        "it has no file `classifier.weight` among its weights: it was not trained for sequence classification",
    )
    .await;
}

#[tokio::test]
async fn weights_that_are_no_numbers_give_no_label() {
    let mut tiny = TinyModel::pointing(Encoder::Bert);
    tiny.weight("classifier.bias").rows[0][1] = f32::NAN;
    expect(
        &saved(&tiny),
        ErrorKind::Internal,
        "the model came to no result: its output is no number; the weights may be damaged",
    )
    .await;
}

#[tokio::test]
async fn an_index_may_not_point_out_of_its_folder() {
    let folder = saved(&TinyModel::pointing(Encoder::Bert));
    let path = |name: &str| folder.path().join(name);
    std::fs::remove_file(path("model.safetensors")).expect("removed");
    let index = json!({ "weight_map": { "classifier.weight": "../model.safetensors" } });
    std::fs::write(path("model.safetensors.index.json"), index.to_string()).expect("written");
    expect(
        &folder,
        ErrorKind::Garbled,
        "~/model.safetensors.index.json cannot be read: `../model.safetensors` is no name of a file beside it",
    )
    .await;
}

#[tokio::test]
async fn a_model_that_was_mended_is_loaded_when_it_is_asked_for_again() {
    let folder = saved(&TinyModel::pointing(Encoder::Bert));
    let config = folder.path().join("config.json");
    let good = std::fs::read(&config).expect("read");
    std::fs::write(&config, "{").expect("written");
    let service = service();
    ask(&service, folder.path(), "vpn")
        .await
        .expect_err("a fault");
    std::fs::write(&config, good).expect("written");
    let answer = ask(&service, folder.path(), "vpn").await.expect("mended");
    assert_eq!(answer.label, "Network");
}
