//! The manual, by reader. Only in the documentation, and the files of the folder `docs`, word for word.
//!
//! | you | read |
//! |---|---|
//! | have ten minutes | [`first_plugin`] |
//! | write plugins | [`for_plugin_authors`], [`testing`] |
//! | write an application that is made of plugins | [`for_embedders`], [`testing`] |
//! | run one | [`for_operators`], [`configuration`] |
//! | know shaku or nject, fx or Spring, linkme, inventory or ctor | [`from_shaku_nject`], [`from_fx_spring`], [`from_linkme`] |
//! | wonder whether it is for you | [`faq`] |
//! | see mistakes while you write | [`editors`] |
//! | check a composition in CI | [`ci`] |
//! | build without Cargo, the network, or the files of other packages | [`lock`] |
//! | publish a plugin or a library, or build without the compiler | [`generate`] |
//! | print what a program is made of, and every key of its configuration | [`reference_pages`] |
//! | build editions of an application | [`distributions`] |
//! | run more than one of an application, and share the work | [`scaling`] |
//! | look at a composition in a browser | [`graph`] |
//! | want to know what a change does, or why something is so | [`changes`] |
//! | look something up | [`manifest`], [`command_line`], [`codes`] |
//! | want to know what the next release may change | [`stability`] |

/// Where the links of the pages lead in rustdoc. The pages name each other as files; of two definitions of a link the first one
/// counts, and this is put before them.
macro_rules! links {
    () => {
        "
[bounds]: crate::docs::configuration#how-much-may-be-read
[changes]: crate::docs::changes
[ci]: crate::docs::ci
[codes]: crate::docs::codes
[command-line]: crate::docs::command_line
[conditions]: crate::docs::for_embedders#how-is-something-there-only-sometimes
[configuration]: crate::docs::configuration
[costs]: crate::docs::faq#what-does-it-cost
[deadlines]: crate::docs::for_operators#how-long-may-a-component-take
[decorators]: crate::docs::for_plugin_authors#how-is-a-provider-wrapped
[described]: crate::docs::changes#for-programs
[distributions]: crate::docs::distributions
[durations]: crate::docs::configuration#lengths-of-time
[editors]: crate::docs::editors
[events]: crate::docs::for_operators#what-is-in-the-log
[failing]: crate::docs::for_operators#what-happens-when-a-running-component-fails
[first-plugin]: crate::docs::first_plugin
[for-embedders]: crate::docs::for_embedders
[for-operators]: crate::docs::for_operators
[for-plugin-authors]: crate::docs::for_plugin_authors
[from-shaku-nject]: crate::docs::from_shaku_nject
[generate]: crate::docs::generate
[graph]: crate::docs::graph
[graph-start]: crate::docs::graph#how-long-did-the-start-take
[host]: crate::docs::for_embedders#what-does-a-host-decide
[injects]: crate::docs::configuration#named-instances
[lock]: crate::docs::lock
[log]: crate::docs::for_embedders#how-does-it-log
[looked-at]: crate::docs::command_line#what-is-looked-at
[losers]: crate::docs::for_embedders#who-loses-is-not-there
[manifest]: crate::docs::manifest
[overlays]: crate::docs::for_embedders#how-is-a-composition-changed-for-tests-editions-customers
[reference]: crate::docs::reference_pages
[registries]: crate::docs::for_plugin_authors#what-is-registered-under-a-name
[reloading]: crate::docs::for_operators#how-is-it-reloaded
[restart]: crate::docs::manifest#restart
[secrets]: crate::docs::configuration#secrets
[stability]: crate::docs::stability
[status]: crate::docs::command_line#how-does-it-end
[steps]: crate::docs::for_plugin_authors#what-does-a-component-do
[supervisor]: crate::docs::for_operators#how-is-it-stopped-and-what-does-a-supervisor-see
[testing]: crate::docs::testing
[variables]: crate::docs::configuration#variables
[warnings]: crate::docs::manifest#what-becomes-of-warnings
[whose-entry]: crate::docs::for_embedders#whose-entry-counts
[why]: crate::docs::changes#who-decided-that-and-who-needs-it
[yaml]: crate::docs::configuration#help-from-an-editor

"
    };
}

/// From nothing to a plugin that runs and is tested.
///
#[doc = links!()]
#[doc = include_str!("../docs/first-plugin.md")]
pub mod first_plugin {}

/// How a plugin is written.
///
#[doc = links!()]
#[doc = include_str!("../docs/for-plugin-authors.md")]
pub mod for_plugin_authors {}

/// How an application of plugins is written.
///
#[doc = links!()]
#[doc = include_str!("../docs/for-embedders.md")]
pub mod for_embedders {}

/// How an application is run and watched.
///
#[doc = links!()]
#[doc = include_str!("../docs/for-operators.md")]
pub mod for_operators {}

/// The words of shaku and nject, and treenail's.
///
#[doc = links!()]
#[doc = include_str!("../docs/from-shaku-nject.md")]
pub mod from_shaku_nject {}

/// The words of fx and Spring, and treenail's.
///
#[doc = links!()]
#[doc = include_str!("../docs/from-fx-spring.md")]
pub mod from_fx_spring {}

/// What changes for whoever registers by linkme, inventory or ctor.
///
#[doc = links!()]
#[doc = include_str!("../docs/from-linkme.md")]
pub mod from_linkme {}

/// What treenail costs, when it pays, and when not to use it.
///
#[doc = links!()]
#[doc = include_str!("../docs/faq.md")]
pub mod faq {}

/// How a plugin and a composition are tested.
///
#[doc = links!()]
#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

/// How many helpdesks share their work, and what to watch.
///
#[doc = links!()]
#[doc = include_str!("../docs/scaling.md")]
pub mod scaling {}

/// What an editor does with manifests and generated code.
///
#[doc = links!()]
#[doc = include_str!("../docs/editors.md")]
pub mod editors {}

/// How a composition is checked before anything is built.
///
#[doc = links!()]
#[doc = include_str!("../docs/ci.md")]
pub mod ci {}

/// What `plugins.lock` is for.
///
#[doc = links!()]
#[doc = include_str!("../docs/lock.md")]
pub mod lock {}

/// How generated code is shipped.
///
#[doc = links!()]
#[doc = include_str!("../docs/generate.md")]
pub mod generate {}

/// How editions of an application are built.
///
#[doc = links!()]
#[doc = include_str!("../docs/distributions.md")]
pub mod distributions {}

/// The page that shows a composition.
///
#[doc = links!()]
#[doc = include_str!("../docs/graph.md")]
pub mod graph {}

/// What is different between two compositions, and who decided something.
///
#[doc = links!()]
#[doc = include_str!("../docs/changes.md")]
pub mod changes {}

/// How a program says what it is made of, and every key of its configuration.
///
#[doc = links!()]
#[doc = include_str!("../docs/reference-pages.md")]
pub mod reference_pages {}

/// Every key of a manifest.
///
#[doc = links!()]
#[doc = include_str!("../docs/manifest.md")]
pub mod manifest {}

/// How an application is configured.
///
#[doc = links!()]
#[doc = include_str!("../docs/configuration.md")]
pub mod configuration {}

/// What `cargo treenail` does.
///
#[doc = links!()]
#[doc = include_str!("../docs/command-line.md")]
pub mod command_line {}

/// Every code that a message can have.
///
#[doc = links!()]
#[doc = include_str!("../docs/codes.md")]
pub mod codes {}

/// What stays as it is from one release to the next.
///
#[doc = links!()]
#[doc = include_str!("../docs/stability.md")]
pub mod stability {}
