//! One of every kind about layers, and about what has no effect.

use super::{Stage, host, plugin, s};
use crate::diagnostic::{ConditionFault, Fact, Idle, IdleOverlay, Named, Problem};
use crate::source::Origin;

pub(super) fn of_layers(stage: &Stage) -> Vec<(Problem, Option<Origin>)> {
    let named = |name: &str, at| Named {
        name: s(name),
        at: Some(at),
    };
    let (left, rule) = (host(stage, "\"old:A\""), host(stage, "zammad"));
    let bind = host(stage, "\"dyn http::Client\"");
    let id = plugin(stage, "\"zammad\"");
    vec![
        (
            Problem::NotACondition {
                fault: ConditionFault::Cfg {
                    text: s("cfg(unixx)"),
                    words: s("did you mean `unix`?"),
                },
            },
            Some(left),
        ),
        (
            Problem::NotACondition {
                fault: ConditionFault::Count(s("many")),
            },
            Some(bind),
        ),
        (
            Problem::NotACondition {
                fault: ConditionFault::Empty {
                    example: "{ feature = \"name\" }",
                },
            },
            Some(rule),
        ),
        (
            Problem::Contradicted {
                about: s("the provider of `dyn http::Client`"),
                definitions: vec![
                    (named("http:Client", bind), 50),
                    (named("http:Other", left), 50),
                    (named("http:Third", id), 1500),
                ],
            },
            Some(bind),
        ),
        (
            Problem::UnknownFeature {
                feature: s("premum"),
                package: s("helpdesk"),
                suggestion: Some(s("premium")),
                known: vec![s("default"), s("premium")],
            },
            Some(rule),
        ),
        (
            Problem::AssertionFailed {
                message: s("customers may not see debug output"),
                found: vec![
                    Fact::Plugin {
                        id: s("debug"),
                        version: Some(s("1.0.0")),
                        suggestion: None,
                    },
                    Fact::Plugin {
                        id: s("zamad"),
                        version: None,
                        suggestion: Some(s("zammad")),
                    },
                    Fact::Component {
                        id: s("a:B"),
                        there: false,
                        suggestion: None,
                    },
                    Fact::Service {
                        service: s("dyn http::Client"),
                        providers: vec![s("http:Client")],
                    },
                ],
            },
            Some(rule),
        ),
        (
            Problem::ReplacesNothing {
                name: s("old:A"),
                suggestion: Some(s("old:B")),
            },
            Some(left),
        ),
        (
            Problem::UnusedPlugin {
                id: s("zammad"),
                package: s("otai-zammad"),
                idle: Idle::Empty,
            },
            Some(rule),
        ),
        (
            Problem::UnusedPlugin {
                id: s("zammad"),
                package: s("otai-zammad"),
                idle: Idle::Unbuilt(vec![s("zammad:Zammad")]),
            },
            Some(id),
        ),
        (
            Problem::UnusedComponent {
                id: s("zammad:Zammad"),
                own: false,
                winners: vec![Named {
                    name: s("`http:Client` answers for `dyn http::Client`"),
                    at: None,
                }],
            },
            Some(plugin(stage, "\"crate::Zammad\"")),
        ),
        (
            Problem::UnusedAlias {
                from: s("old:A"),
                to: s("new:A"),
                plugin: s("new"),
            },
            Some(left),
        ),
        (
            Problem::UnusedOverlay {
                name: s("test"),
                idle: IdleOverlay::Empty,
            },
            Some(left),
        ),
        (
            Problem::UnusedOverlay {
                name: s("test"),
                idle: IdleOverlay::NoHost,
            },
            Some(id),
        ),
        (
            Problem::UnknownLint {
                name: s("unusd_bind"),
                is_error: false,
                suggestion: Some(s("unused_bind")),
            },
            Some(left),
        ),
        (
            Problem::UnknownLint {
                name: s("TN0301"),
                is_error: true,
                suggestion: None,
            },
            Some(rule),
        ),
        (
            Problem::UnusedLint {
                name: s("unused_bind"),
            },
            Some(left),
        ),
        (
            Problem::UnusedOrder {
                id: s("htp:Client"),
                component: s("zammad:Zammad"),
                suggestion: Some(s("http:Client")),
            },
            Some(id),
        ),
        (
            Problem::IdleLine {
                line: s("[override] \"zammad:Zammad\""),
            },
            Some(id),
        ),
        (
            Problem::UnusedTable {
                table: s("[override]"),
            },
            Some(id),
        ),
        (
            Problem::UnusedHostAll {
                service: s("dyn http::Client"),
            },
            Some(rule),
        ),
    ]
}
