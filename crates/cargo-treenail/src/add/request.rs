//! Which plugin is asked for, in the words of `cargo add`.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cargo::asked;
use crate::metadata::Stated;
use crate::selection::plain;

#[derive(Args)]
pub(super) struct Request {
    /// The package of the plugin, as `cargo add` takes it
    #[arg(value_name = "NAME[@VERSION]", required_unless_present_any = ["path", "git"])]
    plugin: Option<String>,
    /// The folder of the plugin
    #[arg(long, value_name = "FOLDER", conflicts_with = "git")]
    path: Option<PathBuf>,
    /// The repository of the plugin
    #[arg(long, value_name = "URL")]
    git: Option<String>,
    /// A branch of the repository
    #[arg(long, value_name = "BRANCH", requires = "git")]
    branch: Option<String>,
    /// A tag of the repository
    #[arg(long, value_name = "TAG", requires = "git")]
    tag: Option<String>,
    /// A commit of the repository
    #[arg(long, value_name = "REV", requires = "git")]
    rev: Option<String>,
    /// The registry that has the plugin
    #[arg(long, value_name = "NAME")]
    registry: Option<String>,
    /// Features of the plugin to switch on, separated by commas or spaces
    #[arg(long, short = 'F', value_name = "FEATURES")]
    features: Vec<String>,
    /// Do not switch the `default` feature of the plugin on
    #[arg(long)]
    no_default_features: bool,
    /// Let a feature of the application bring the plugin
    #[arg(long)]
    optional: bool,
    /// What the application calls the package
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
}

impl Request {
    /// What was asked for, as it was named.
    pub(super) fn what(&self) -> String {
        let path = self.path.as_ref().map(|path| path.display().to_string());
        let what = self.plugin.clone().or(path);
        what.or_else(|| self.git.clone()).unwrap_or_default()
    }

    /// Lets Cargo add it to the package in a folder, with one more feature.
    pub(super) fn add(
        &self,
        folder: &Path,
        passed_on: &[String],
        feature: Option<&str>,
    ) -> io::Result<()> {
        let mut all = vec!["add".to_owned()];
        all.extend(self.plugin.clone());
        let path = self
            .folder()?
            .map(|path| path.to_string_lossy().into_owned());
        let options = [
            ("--path", &path),
            ("--git", &self.git),
            ("--branch", &self.branch),
            ("--tag", &self.tag),
            ("--rev", &self.rev),
            ("--registry", &self.registry),
            ("--rename", &self.rename),
        ];
        for (option, value) in options {
            let value = value.iter().cloned();
            all.extend(value.flat_map(|value| [option.to_owned(), value]));
        }
        let features = self.features.iter().map(String::as_str).chain(feature);
        all.extend(features.flat_map(|one| ["--features".to_owned(), one.to_owned()]));
        for (flag, is_set) in [
            ("--no-default-features", self.no_default_features),
            ("--optional", self.optional),
        ] {
            all.extend(is_set.then(|| flag.to_owned()));
        }
        all.extend_from_slice(passed_on);
        asked(folder, all).map(drop).map_err(|error| {
            let (error, what) = (error.to_string(), self.what());
            let error = error.trim_end_matches('.');
            let elsewhere = match path.is_none() && self.git.is_none() {
                true => "; one that is in no registry is named by `--path FOLDER` or `--git URL`",
                false => "",
            };
            io::Error::other(format!("cannot add `{what}`: {error}{elsewhere}"))
        })
    }

    /// Which of the dependencies is meant: the one that was not stated so before, or else the one that is called so.
    pub(super) fn meant(&self, known: &[Stated], now: Vec<Stated>) -> io::Result<Stated> {
        let is_new = now.iter().position(|one| !known.contains(one));
        let name = self
            .plugin
            .as_ref()
            .map(|spec| spec.split('@').next().unwrap_or(spec));
        let folder = self.folder()?;
        let is_it = |one: &Stated| {
            let called = [Some(one.called()), Some(one.name.as_str())];
            let url = one
                .source
                .as_deref()
                .and_then(|source| source.strip_prefix("git+"));
            self.rename.as_deref() == Some(one.called())
                || self.rename.is_none() && name.is_some() && called.contains(&name)
                || folder.is_some() && one.path == folder
                || name.is_none()
                    && url
                        .zip(self.git.as_ref())
                        .is_some_and(|(url, git)| url.starts_with(git))
        };
        let at = is_new.or_else(|| now.iter().position(is_it));
        let meant = at.and_then(|at| now.into_iter().nth(at));
        meant.ok_or_else(|| io::Error::other(format!("Cargo has added no `{}`", self.what())))
    }

    /// The folder of the plugin, from anywhere.
    fn folder(&self) -> io::Result<Option<PathBuf>> {
        let path = self.path.as_ref().map(std::path::absolute).transpose()?;
        Ok(path.as_deref().map(plain))
    }
}
