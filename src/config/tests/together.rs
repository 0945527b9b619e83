//! The law of many mistakes: every one is told as it is told alone, and no consequence of any.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use crate::Settings;
use crate::base::tests::TABLE;
use crate::config::configure;

const GOOD: &str = "shop:
  api_version: '>=1.0'
  plugins:
    - name: base
    - name: shop
      version: '^0.3'
  infrastructure:
    logging:
      level: DEBUG
  components:
    shop:Poller:
      interval: PT5S
  services:
    one:
      use: shop:Shelf
      params:
        path: x
        retries: 1
        tls:
          verify: true
          mode: lax
    two:
      use: shop:Shelf
      injects:
        spare: one
      params:
        path: \"{{ get_env('HERE') }}\"
        retries: 2
  lifecycle:
    total:
      stop: 25s
    components:
      one:
        start: 1s
  orchestrator:
    id: all
    use: base:CompositePipe
    params:
      steps:
        - id: a
          use: shop:Note
          injects:
            store: two
          params:
            text: x
            pause: 1s
        - id: b
          use: shop:Boom
          params:
            panic: false
";

/// A line in the place of another, and the lines that nothing can be said of then, as first and last ones.
type Mistake = (usize, &'static str, &'static [(usize, usize)]);

const NOTHING: &[(usize, usize)] = &[];

const MISTAKES: &[Mistake] = &[
    (1, "shopp:", &[(2, 99)]),
    (2, "  api_version: '~=1.4'", NOTHING),
    (2, "  api_version: '>=9'", NOTHING),
    (2, "  api_vesion: '>=1.0'", NOTHING),
    (3, "  plugin:", NOTHING),
    (4, "    - name: nope", NOTHING),
    (4, "    - nme: base", NOTHING),
    (5, "    - name: shopping", NOTHING),
    (6, "      version: soon", NOTHING),
    (6, "      vesion: '^0.3'", NOTHING),
    (7, "  infrastucture:", NOTHING),
    (8, "    loging:", NOTHING),
    (9, "      level: DEBG", NOTHING),
    (9, "      levle: DEBUG", NOTHING),
    (10, "  component:", NOTHING),
    (11, "    shop:Poler:", NOTHING),
    (12, "      interval: soon", NOTHING),
    (13, "  service:", NOTHING),
    (15, "      use: shop:Shelff", &[(17, 21)]),
    (15, "      uses: shop:Shelf", NOTHING),
    (15, "      use: shop:Note", &[(17, 21)]),
    (16, "      param:", NOTHING),
    (17, "        pth: x", NOTHING),
    (17, "        path: 7", NOTHING),
    (18, "        retries: 300", NOTHING),
    (18, "        colour: red", NOTHING),
    (19, "        tsl:", NOTHING),
    (20, "          verify: perhaps", NOTHING),
    (20, "          verfy: true", NOTHING),
    (21, "          mode: strikt", NOTHING),
    (23, "      use: shop:Nope", &[(25, 28)]),
    (24, "      inject:", NOTHING),
    (25, "        spare: ones", NOTHING),
    (25, "        spar: one", NOTHING),
    (27, "        path: \"{{ get_env('NOWHERE') }}\"", NOTHING),
    (27, "        path: \"{{ 1 + }}\"", NOTHING),
    (28, "        retries: many", NOTHING),
    (29, "  lifecycl:", NOTHING),
    (30, "    totals:", NOTHING),
    (31, "      stop: soon", NOTHING),
    (32, "    component:", NOTHING),
    (33, "      onne:", NOTHING),
    (34, "        strt: 1s", NOTHING),
    (35, "  orchestrator_:", NOTHING),
    (37, "    use: base:CompositPipe", &[(39, 99)]),
    (38, "    paramss:", NOTHING),
    (39, "      stps:", &[(40, 99)]),
    (40, "        - id: b", NOTHING),
    (41, "          use: shop:Nte", &[(43, 43), (45, 46)]),
    (42, "          inject:", NOTHING),
    (43, "            store: nobody", NOTHING),
    (43, "            stor: two", NOTHING),
    (44, "          param:", NOTHING),
    (45, "            txt: x", NOTHING),
    (46, "            pause: soon", NOTHING),
    (48, "          use: shop:Bom", &[(50, 50)]),
    (50, "            panic: perhaps", NOTHING),
];

/// Everything that is told, in the order of the file, without the paths: those are of the names that stand there.
fn told(mistakes: &BTreeMap<usize, Mistake>) -> Vec<String> {
    let lines = (1..).zip(GOOD.lines()).map(|(number, line)| {
        let mistake = mistakes.get(&number);
        mistake.map_or(line, |(_, wrong, _)| *wrong)
    });
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let settings = Settings::yaml("shop.yml", text).expect("YAML");
    let found = configure(&TABLE, &settings.environment([("HERE", "x")]));
    let problems = found.err().into_iter().flat_map(|error| {
        let drawn = error.problems().iter().map(|problem| {
            let text = problem.to_string();
            let lines = text.lines().filter(|line| !line.contains("= at `"));
            lines.collect::<Vec<_>>().join("\n")
        });
        drawn.collect::<Vec<_>>()
    });
    problems.collect()
}

fn alone(mistake: &Mistake) -> Vec<String> {
    static ALONE: LazyLock<BTreeMap<Mistake, Vec<String>>> = LazyLock::new(|| {
        let told_alone = |one: &Mistake| (*one, told(&BTreeMap::from([(one.0, *one)])));
        MISTAKES.iter().map(told_alone).collect()
    });
    ALONE[mistake].clone()
}

#[test]
fn a_mistake_alone_is_one_message() {
    assert_eq!(told(&BTreeMap::new()), Vec::<String>::new());
    for mistake in MISTAKES {
        assert_eq!(
            alone(mistake).len(),
            1,
            "{mistake:?}: {:#?}",
            alone(mistake)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn mistakes_are_told_together_as_they_are_told_alone(
        chosen in prop::sample::subsequence(MISTAKES, 1..15),
    ) {
        // A line has one mistake at a time.
        let chosen: BTreeMap<usize, Mistake> = chosen.into_iter().map(|one| (one.0, one)).collect();
        let hidden = |line: usize| {
            let mut others = chosen.values();
            others.any(|(_, _, hidden)| {
                let mut hidden = hidden.iter();
                hidden.any(|(first, last)| (*first..=*last).contains(&line))
            })
        };
        let mut expected: Vec<String> = chosen
            .values()
            .filter(|(line, ..)| !hidden(*line))
            .flat_map(alone)
            .collect();
        let mut found = told(&chosen);
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected, "{:#?}", chosen);
    }
}
