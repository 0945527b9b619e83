//! One of every kind about layers, and about what has no effect.

use super::{Stage, host, plugin, s};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::mistake::{
    About, Answers, AssertionFailed, CfgFault, ComponentOfLibrary, Fact, Idle, IdleLine,
    IdleOverlay, NotACondition, ReplacesNothing, StatedDifferently, Statement, UnknownFeature,
    UnknownLint, UnusedAlias, UnusedComponent, UnusedHostAll, UnusedLint, UnusedOrder,
    UnusedOverlay, UnusedPlugin, UnusedTable,
};
use crate::source::Origin;

pub(super) fn of_layers(stage: &Stage) -> Vec<Diagnostic> {
    let says = |says: &str, at: Origin, priority: u32| Statement {
        says: s(says),
        at,
        priority,
    };
    let (left, rule) = (host(stage, "\"old:A\""), host(stage, "mailer"));
    let bind = host(stage, "\"dyn http::Client\"");
    let id = plugin(stage, "\"mailer\"");
    vec![
        Diagnostic::new(
            NotACondition::Cfg {
                text: s("cfg(unixx)"),
                fault: CfgFault::Misspelt { meant: s("unix") },
            },
            left,
        ),
        Diagnostic::new(NotACondition::Count(s("many")), bind),
        Diagnostic::new(
            NotACondition::Empty {
                example: "{ feature = \"name\" }",
            },
            rule,
        ),
        Diagnostic::new(
            StatedDifferently {
                about: About::Provider(s("dyn http::Client")),
                statements: vec![
                    says("http:Client", bind, 50),
                    says("http:Other", left, 50),
                    says("http:Third", id, 1500),
                ],
            },
            bind,
        ),
        Diagnostic::new(
            UnknownFeature {
                feature: s("premum"),
                package: s("helpdesk"),
                suggestion: Some(s("premium")),
                known: vec![s("default"), s("premium")],
            },
            rule,
        ),
        Diagnostic::new(
            AssertionFailed {
                message: s("customers may not see debug output"),
                found: vec![
                    Fact::Plugin {
                        id: s("debug"),
                        version: Some(s("1.0.0")),
                        suggestion: None,
                    },
                    Fact::Plugin {
                        id: s("maler"),
                        version: None,
                        suggestion: Some(s("mailer")),
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
            rule,
        ),
        Diagnostic::new(
            ReplacesNothing {
                name: s("old:A"),
                suggestion: Some(s("old:B")),
            },
            left,
        ),
        Diagnostic::new(
            UnusedPlugin {
                id: s("mailer"),
                package: s("acme-mailer"),
                idle: Idle::Empty,
            },
            rule,
        ),
        Diagnostic::new(
            UnusedPlugin {
                id: s("mailer"),
                package: s("acme-mailer"),
                idle: Idle::Unbuilt(vec![s("mailer:Mailer")]),
            },
            id,
        ),
        Diagnostic::new(
            UnusedComponent {
                id: s("mailer:Mailer"),
                own: false,
                winners: vec![Answers {
                    winner: s("http:Client"),
                    service: s("dyn http::Client"),
                }],
            },
            plugin(stage, "\"crate::Mailer\""),
        ),
        Diagnostic::new(
            UnusedAlias {
                from: s("old:A"),
                to: s("new:A"),
                plugin: s("new"),
            },
            left,
        ),
        Diagnostic::new(
            UnusedOverlay {
                name: s("test"),
                idle: IdleOverlay::Empty,
            },
            left,
        ),
        Diagnostic::new(
            UnusedOverlay {
                name: s("test"),
                idle: IdleOverlay::NoHost,
            },
            id,
        ),
        Diagnostic::new(
            UnknownLint {
                name: s("unusd_bind"),
                is_error: false,
                suggestion: Some(s("unused_bind")),
            },
            left,
        ),
        Diagnostic::new(
            UnknownLint {
                name: s("TN0301"),
                is_error: true,
                suggestion: None,
            },
            rule,
        ),
        Diagnostic::new(
            UnusedLint {
                name: s("unused_bind"),
            },
            left,
        ),
        Diagnostic::new(
            UnusedOrder {
                id: s("htp:Client"),
                component: s("mailer:Mailer"),
                suggestion: Some(s("http:Client")),
            },
            id,
        ),
        Diagnostic::new(
            IdleLine {
                line: s("[override] \"mailer:Mailer\""),
            },
            id,
        ),
        Diagnostic::new(ComponentOfLibrary { name: s("Mailer") }, id),
        Diagnostic::new(
            UnusedTable {
                table: s("[override]"),
            },
            id,
        ),
        Diagnostic::new(
            UnusedHostAll {
                service: s("dyn http::Client"),
            },
            rule,
        ),
    ]
}
