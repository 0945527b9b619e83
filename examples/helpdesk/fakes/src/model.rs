//! Models for text classification that are small enough to be written down by a test, in the form in which Hugging Face's
//! `transformers` saves them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// The tokens that every model knows, by their numbers.
pub const WORDS: [&str; 11] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "vpn", "printer", "salary", "the", "is", "broken", "##s",
];

/// The labels of every model.
pub const LABELS: [&str; 3] = ["Network", "Hardware", "Payroll"];

/// Which architecture a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoder {
    /// The one of Devlin et al., 2018.
    Bert,
    /// The distilled one of Sanh et al., 2019.
    DistilBert,
}

/// A matrix, or a vector.
#[derive(Clone, Debug)]
pub struct Weight {
    /// The rows; a vector is its only one.
    pub rows: Vec<Vec<f32>>,
    vector: bool,
}

/// A model before it is saved: everything may be changed.
#[derive(Clone, Debug)]
pub struct TinyModel {
    /// Its architecture.
    pub encoder: Encoder,
    /// Size of the vector that stands for a token.
    pub width: usize,
    /// How many layers it has.
    pub layers: usize,
    /// How many heads each layer has.
    pub heads: usize,
    /// `config.json`
    pub config: Value,
    /// `tokenizer.json`
    pub tokenizer: Value,
    /// `tokenizer_config.json`, where it has one.
    pub tokenizer_settings: Option<Value>,
    /// Its weights, by the names that the architecture has in `transformers`.
    pub weights: BTreeMap<String, Weight>,
}

impl TinyModel {
    /// A model whose answers are known by construction. Each of the words `vpn`, `printer` and `salary` points along an
    /// axis of its own and all others nowhere; attention looks everywhere alike and hands on what it sees; the head has a
    /// label for each axis. The filler points to `Payroll`, so that a model that sees it errs.
    #[must_use]
    pub fn pointing(encoder: Encoder) -> Self {
        let mut tiny = Self::new(encoder, 4, 1, 2, |_, _, _| 0.0);
        let axis = |axis: usize| {
            (0..4)
                .map(move |at| if at == axis { 3.0 } else { -1.0 })
                .collect()
        };
        let (pad, vpn, printer, salary) = (0, 4, 5, 6);
        let words = &mut tiny.weight("embeddings.word_embeddings.weight").rows;
        (words[vpn], words[printer], words[salary], words[pad]) =
            (axis(0), axis(1), axis(2), axis(2));
        let identity = |_: usize, row: usize, column: usize| f32::from(row == column);
        let [value, output, pooler] = match encoder {
            Encoder::Bert => [
                "encoder.layer.0.attention.self.value",
                "encoder.layer.0.attention.output.dense",
                "pooler.dense",
            ],
            Encoder::DistilBert => [
                "transformer.layer.0.attention.v_lin",
                "transformer.layer.0.attention.out_lin",
                "pre_classifier",
            ],
        };
        for name in [value, output, pooler, "classifier"] {
            tiny.weight(&format!("{name}.weight")).fill(0, identity);
        }
        tiny
    }

    /// A model with arbitrary weights, always the same.
    #[must_use]
    pub fn arbitrary(encoder: Encoder) -> Self {
        Self::new(encoder, 8, 2, 2, |number, row, column| {
            let seed = (number * 7919 + row * 104_729 + column * 1_299_709 + 12345) as u64;
            let mixed = seed.wrapping_mul(6_364_136_223_846_793_005).rotate_left(31);
            let mixed = mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
            (mixed as f32 / (1 << 24) as f32 - 0.5) * 1.6
        })
    }

    fn new(
        encoder: Encoder,
        width: usize,
        layers: usize,
        heads: usize,
        value: fn(usize, usize, usize) -> f32,
    ) -> Self {
        let (inner, positions, segments) = (2 * width, 8, 2);
        let labels: Map<_, _> = (0..)
            .zip(LABELS)
            .map(|(number, label): (usize, _)| (number.to_string(), json!(label)))
            .collect();
        let config = match encoder {
            Encoder::Bert => json!({
                "architectures": ["BertForSequenceClassification"], "model_type": "bert", "hidden_size": width,
                "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner,
                "hidden_act": "gelu", "max_position_embeddings": positions, "type_vocab_size": segments,
                "vocab_size": WORDS.len(), "pad_token_id": 0, "id2label": labels,
            }),
            Encoder::DistilBert => json!({
                "architectures": ["DistilBertForSequenceClassification"], "model_type": "distilbert", "dim": width,
                "n_layers": layers, "n_heads": heads, "hidden_dim": inner, "activation": "gelu",
                "max_position_embeddings": positions, "vocab_size": WORDS.len(), "pad_token_id": 0, "id2label": labels,
            }),
        };
        let mut tiny = Self {
            encoder,
            width,
            layers,
            heads,
            config,
            tokenizer: tokenizer(),
            tokenizer_settings: None,
            weights: BTreeMap::new(),
        };
        tiny.table("embeddings.word_embeddings", WORDS.len(), width);
        tiny.table("embeddings.position_embeddings", positions, width);
        tiny.norm("embeddings.LayerNorm");
        if encoder == Encoder::Bert {
            tiny.table("embeddings.token_type_embeddings", segments, width);
        }
        for layer in 0..layers {
            let [dense, norms] = layer_parts(encoder);
            for (name, (outputs, inputs)) in dense.iter().zip(shapes(width, inner)) {
                tiny.dense(&name.replace('#', &layer.to_string()), outputs, inputs);
            }
            for name in norms {
                tiny.norm(&name.replace('#', &layer.to_string()));
            }
        }
        let pooler = match encoder {
            Encoder::Bert => "pooler.dense",
            Encoder::DistilBert => "pre_classifier",
        };
        tiny.dense(pooler, width, width);
        tiny.dense("classifier", LABELS.len(), width);
        for (number, (name, weight)) in tiny.weights.iter_mut().enumerate() {
            if !name.to_lowercase().contains("norm") {
                weight.fill(number, value);
            }
        }
        tiny
    }

    fn table(&mut self, name: &str, rows: usize, columns: usize) {
        let rows = vec![vec![0.0; columns]; rows];
        let weight = Weight {
            rows,
            vector: false,
        };
        self.weights
            .insert(self.full(&format!("{name}.weight")), weight);
    }

    fn dense(&mut self, name: &str, outputs: usize, inputs: usize) {
        self.table(name, outputs, inputs);
        self.vector(&format!("{name}.bias"), vec![0.0; outputs]);
    }

    fn norm(&mut self, name: &str) {
        self.vector(&format!("{name}.weight"), vec![1.0; self.width]);
        self.vector(&format!("{name}.bias"), vec![0.0; self.width]);
    }

    fn vector(&mut self, name: &str, row: Vec<f32>) {
        let (rows, vector) = (vec![row], true);
        self.weights
            .insert(self.full(name), Weight { rows, vector });
    }

    /// The name with its prefix. The heads have none.
    fn full(&self, name: &str) -> String {
        match self.encoder {
            _ if name.starts_with("classifier") || name.starts_with("pre_classifier") => {
                name.to_owned()
            }
            Encoder::Bert => format!("bert.{name}"),
            Encoder::DistilBert => format!("distilbert.{name}"),
        }
    }

    /// A weight, by its name without the prefix of the architecture.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn weight(&mut self, name: &str) -> &mut Weight {
        let name = self.full(name);
        self.weights.get_mut(&name).expect("a weight of this name")
    }

    /// The rows of a weight, by its name without the prefix of the architecture.
    ///
    /// # Panics
    /// If there is none of this name.
    #[must_use]
    pub fn rows(&self, name: &str) -> &[Vec<f32>] {
        &self.weights[&self.full(name)].rows
    }

    /// Saves it in a folder, as `transformers` would.
    ///
    /// # Panics
    /// If that cannot be written to.
    pub fn save(&self, folder: &Path) {
        let write = |name: &str, value: &Value| {
            fs::write(folder.join(name), value.to_string()).expect("written");
        };
        write("config.json", &self.config);
        write("tokenizer.json", &self.tokenizer);
        if let Some(settings) = &self.tokenizer_settings {
            write("tokenizer_config.json", settings);
        }
        self.save_weights(&folder.join("model.safetensors"), |_| true);
    }

    /// Saves those of its weights that are wanted, by their names.
    ///
    /// # Panics
    /// If the file cannot be written.
    pub fn save_weights(&self, path: &Path, wanted: impl Fn(&str) -> bool) {
        let (mut header, mut body) = (Map::new(), Vec::<u8>::new());
        for (name, weight) in self.weights.iter().filter(|(name, _)| wanted(name)) {
            let start = body.len();
            let values = weight.rows.iter().flatten();
            body.extend(values.flat_map(|value| value.to_le_bytes()));
            let tensor = json!({
                "dtype": "F32", "shape": weight.shape(), "data_offsets": [start, body.len()],
            });
            header.insert(name.clone(), tensor);
        }
        // The form is: the length of the header, the header as JSON, the values in the order of the header.
        let mut header = Value::Object(header).to_string();
        header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
        let length = (header.len() as u64).to_le_bytes();
        fs::write(path, [&length[..], header.as_bytes(), &body].concat()).expect("written");
    }
}

impl Weight {
    fn fill(&mut self, number: usize, value: fn(usize, usize, usize) -> f32) {
        for (row, values) in self.rows.iter_mut().enumerate() {
            for (column, one) in values.iter_mut().enumerate() {
                *one = value(number, row, column);
            }
        }
    }

    fn shape(&self) -> Vec<usize> {
        let columns = self.rows.first().map_or(0, Vec::len);
        if self.vector {
            vec![columns]
        } else {
            vec![self.rows.len(), columns]
        }
    }
}

/// The names of a layer's parts: six dense ones and two norms, in the order of the computation.
#[must_use]
pub fn layer_parts(encoder: Encoder) -> [Vec<&'static str>; 2] {
    match encoder {
        Encoder::Bert => [
            vec![
                "encoder.layer.#.attention.self.query",
                "encoder.layer.#.attention.self.key",
                "encoder.layer.#.attention.self.value",
                "encoder.layer.#.attention.output.dense",
                "encoder.layer.#.intermediate.dense",
                "encoder.layer.#.output.dense",
            ],
            vec![
                "encoder.layer.#.attention.output.LayerNorm",
                "encoder.layer.#.output.LayerNorm",
            ],
        ],
        Encoder::DistilBert => [
            vec![
                "transformer.layer.#.attention.q_lin",
                "transformer.layer.#.attention.k_lin",
                "transformer.layer.#.attention.v_lin",
                "transformer.layer.#.attention.out_lin",
                "transformer.layer.#.ffn.lin1",
                "transformer.layer.#.ffn.lin2",
            ],
            vec![
                "transformer.layer.#.sa_layer_norm",
                "transformer.layer.#.output_layer_norm",
            ],
        ],
    }
}

fn shapes(width: usize, inner: usize) -> [(usize, usize); 6] {
    let square = (width, width);
    [
        square,
        square,
        square,
        square,
        (inner, width),
        (width, inner),
    ]
}

fn tokenizer() -> Value {
    let vocabulary: Map<_, _> = (0..)
        .zip(WORDS)
        .map(|(number, word): (usize, _)| (word.to_owned(), json!(number)))
        .collect();
    let special = |number: usize| {
        json!({
            "id": number, "content": WORDS[number], "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true,
        })
    };
    json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": (0..4).map(special).collect::<Vec<_>>(),
        "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
            "lowercase": true,
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": { "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] },
        "decoder": null,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary,
        },
    })
}
