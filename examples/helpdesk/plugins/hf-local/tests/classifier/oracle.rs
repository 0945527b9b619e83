//! What a model computes, once more, in plain loops and twice the precision, from the papers: the encoder of "Attention Is
//! All You Need" with its norms behind, as BERT has it, and the heads of `transformers`.

use helpdesk_fakes::{Encoder, TinyModel, layer_parts};

type Rows = Vec<Vec<f64>>;

/// The confidence in each label for a text that consists of these tokens.
pub(crate) fn confidences(tiny: &TinyModel, tokens: &[usize]) -> Vec<f64> {
    let word = tiny.rows("embeddings.word_embeddings.weight");
    let position = tiny.rows("embeddings.position_embeddings.weight");
    let mut hidden: Rows = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mut row = added(&wide(&word[*token]), &wide(&position[at]));
        if tiny.encoder == Encoder::Bert {
            let segment = tiny.rows("embeddings.token_type_embeddings.weight");
            row = added(&row, &wide(&segment[0]));
        }
        hidden.push(norm(tiny, "embeddings.LayerNorm", &row));
    }
    for layer in 0..tiny.layers {
        hidden = one_layer(tiny, layer, &hidden);
    }
    let (pooler, activation): (_, fn(f64) -> f64) = match tiny.encoder {
        Encoder::Bert => ("pooler.dense", f64::tanh),
        Encoder::DistilBert => ("pre_classifier", |x| x.max(0.0)),
    };
    let pooled: Vec<f64> = dense(tiny, pooler, &hidden[0])
        .into_iter()
        .map(activation)
        .collect();
    shares(&dense(tiny, "classifier", &pooled))
}

fn one_layer(tiny: &TinyModel, layer: usize, hidden: &Rows) -> Rows {
    let [parts, norms] = layer_parts(tiny.encoder).map(|names| {
        let names = names.into_iter();
        names
            .map(|name| name.replace('#', &layer.to_string()))
            .collect::<Vec<_>>()
    });
    let all = |name: &String| -> Rows { hidden.iter().map(|row| dense(tiny, name, row)).collect() };
    let (queries, keys, values) = (all(&parts[0]), all(&parts[1]), all(&parts[2]));
    let size = tiny.width / tiny.heads;
    let mut next = Vec::new();
    for (at, row) in hidden.iter().enumerate() {
        let mut seen = vec![0.0; tiny.width];
        for head in 0..tiny.heads {
            let own = head * size..(head + 1) * size;
            let query = &queries[at][own.clone()];
            let scores: Vec<f64> = keys
                .iter()
                .map(|key| dot(query, &key[own.clone()]) / (size as f64).sqrt())
                .collect();
            for (share, value) in shares(&scores).iter().zip(&values) {
                for place in own.clone() {
                    seen[place] += share * value[place];
                }
            }
        }
        let attended = norm(tiny, &norms[0], &added(row, &dense(tiny, &parts[3], &seen)));
        let inner: Vec<f64> = dense(tiny, &parts[4], &attended)
            .into_iter()
            .map(gelu)
            .collect();
        next.push(norm(
            tiny,
            &norms[1],
            &added(&attended, &dense(tiny, &parts[5], &inner)),
        ));
    }
    next
}

fn wide(row: &[f32]) -> Vec<f64> {
    row.iter().map(|value| f64::from(*value)).collect()
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

fn added(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter()
        .zip(right)
        .map(|(left, right)| left + right)
        .collect()
}

fn dense(tiny: &TinyModel, name: &str, input: &[f64]) -> Vec<f64> {
    let weight = tiny.rows(&format!("{name}.weight"));
    let bias = wide(&tiny.rows(&format!("{name}.bias"))[0]);
    let products = weight.iter().map(|row| dot(&wide(row), input));
    products
        .zip(bias)
        .map(|(product, bias)| product + bias)
        .collect()
}

fn norm(tiny: &TinyModel, name: &str, row: &[f64]) -> Vec<f64> {
    let weight = wide(&tiny.rows(&format!("{name}.weight"))[0]);
    let bias = wide(&tiny.rows(&format!("{name}.bias"))[0]);
    let count = row.len() as f64;
    let mean = row.iter().sum::<f64>() / count;
    let variance = row.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let scaled = row
        .iter()
        .map(|value| (value - mean) / (variance + 1e-12).sqrt());
    scaled
        .zip(weight.iter().zip(bias))
        .map(|(value, (weight, bias))| value * weight + bias)
        .collect()
}

fn shares(outputs: &[f64]) -> Vec<f64> {
    let whole: f64 = outputs.iter().map(|output| output.exp()).sum();
    outputs.iter().map(|output| output.exp() / whole).collect()
}

fn gelu(x: f64) -> f64 {
    x / 2.0 * (1.0 + erf(x / std::f64::consts::SQRT_2))
}

/// The Taylor series of the error function; good where the test's values lie.
fn erf(x: f64) -> f64 {
    let mut power = x;
    let mut sum = x;
    for n in 1..120 {
        power *= -x * x / f64::from(n);
        sum += power / f64::from(2 * n + 1);
    }
    sum * std::f64::consts::FRAC_2_SQRT_PI
}
