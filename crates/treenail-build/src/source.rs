//! Texts that were read, and places in them.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// Index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SourceId(pub(crate) u32);

/// A range of bytes in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// Which text.
    pub(crate) source: SourceId,
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
}

impl Origin {
    /// These bytes of a source.
    pub(crate) fn new(source: SourceId, range: Range<usize>) -> Self {
        let narrow = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Self {
            source,
            start: narrow(range.start),
            end: narrow(range.end),
        }
    }
}

/// What stands between the quotes around a text of one line, and the quote; `None` where there are none.
pub(crate) fn quoted(written: &str) -> Option<(&str, char)> {
    let quote = written.chars().next()?;
    let inner = written.strip_prefix(['"', '\''])?.strip_suffix(quote)?;
    Some((inner, quote))
}

/// The last byte up to this one that a character starts with, or the end of the text.
pub(crate) fn floor_char_boundary(text: &str, byte: usize) -> usize {
    let mut before = (0..=byte.min(text.len())).rev();
    before
        .find(|byte| text.is_char_boundary(*byte))
        .unwrap_or(0)
}

/// A range of bytes, as far as the text goes and widened to the whole characters that it has a part of.
pub(crate) fn on_char_boundaries(text: &str, range: Range<usize>) -> Range<usize> {
    let start = floor_char_boundary(text, range.start);
    let mut after = range.end.max(start)..text.len();
    let end = after.find(|byte| text.is_char_boundary(*byte));
    start..end.unwrap_or(text.len())
}

/// A value and the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located<T> {
    /// The value.
    pub(crate) value: T,
    /// The place.
    pub(crate) origin: Origin,
}

/// A text with the name that people know it by.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its name for programs and tests, equal on every machine: the path in the host's package, or `package/plugins.toml` for a
    /// plugin's.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: String,
    /// Where the file lies on this machine. Never part of what is generated.
    pub(crate) path: Option<PathBuf>,
    /// What generated code calls it, if that is said besides.
    called: Option<String>,
    /// First bytes of all lines, found when they are first asked for.
    lines: OnceLock<Vec<usize>>,
    /// How many characters start before every [`BLOCK`]th byte, counted when a long line makes it worth while.
    characters: OnceLock<Vec<usize>>,
}

/// Characters of one line are counted from the nearest multiple of so many bytes.
const BLOCK: usize = 4096;

/// A line and a column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Source {
    /// Line and column of a byte.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let byte = byte.clamp(self.mark(), self.text.len());
        let byte = floor_char_boundary(&self.text, byte);
        let line = self.lines().partition_point(|start| *start <= byte);
        let start = self
            .lines()
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let column = if byte - start > BLOCK {
            self.characters_before(byte) - self.characters_before(start)
        } else {
            self.text[start..byte].chars().count()
        };
        Position {
            line,
            column: column + 1,
        }
    }

    /// How many characters start before a byte.
    fn characters_before(&self, byte: usize) -> usize {
        let starts = |bytes: &[u8]| {
            let starts = bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80);
            starts.count()
        };
        let blocks = self.characters.get_or_init(|| {
            let mut before = 0;
            let blocks = self.text.as_bytes().chunks(BLOCK).map(|block| {
                let here = before;
                before += starts(block);
                here
            });
            blocks.collect()
        });
        let Some(block) = blocks.get(byte / BLOCK) else {
            return starts(self.text.as_bytes());
        };
        let start = byte / BLOCK * BLOCK;
        block + starts(&self.text.as_bytes()[start..byte])
    }

    /// A line by its number, without its end.
    pub(crate) fn line(&self, number: usize) -> &str {
        &self.text[self.extent(number)]
    }

    /// The bytes of a line, without its end.
    pub(crate) fn extent(&self, number: usize) -> Range<usize> {
        let lines = self.lines();
        let Some(start) = lines.get(number.saturating_sub(1)).copied() else {
            return self.text.len()..self.text.len();
        };
        let next = lines.get(number.max(1)).map(|next| next - 1);
        let end = next.unwrap_or(self.text.len());
        let ends_in_return = next.is_some() && self.text[start..end].ends_with('\r');
        start..end - usize::from(ends_in_return)
    }

    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(end, _)| end + 1);
            std::iter::once(self.mark()).chain(ends).collect()
        })
    }

    /// How many bytes of a byte order mark there are: it is no part of the first line.
    fn mark(&self) -> usize {
        if self.text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        }
    }
}

/// A path from a folder to a file or another folder, through the folders above both.
pub(crate) fn relative(file: &Path, folder: &Path) -> PathBuf {
    let shared = file.components().zip(folder.components());
    let shared = shared.take_while(|(one, other)| one == other).count();
    let up = folder
        .components()
        .skip(shared)
        .map(|_| Component::ParentDir);
    up.chain(file.components().skip(shared)).collect()
}

/// A path that starts from a folder, without its parts that lead up.
pub(crate) fn below(folder: &Path, path: &Path) -> PathBuf {
    let mut whole = folder.to_owned();
    for part in path.components() {
        match part {
            Component::ParentDir => match whole.components().next_back() {
                Some(Component::Normal(_)) => drop(whole.pop()),
                _ => whole.push(part),
            },
            part => whole.push(part),
        }
    }
    whole
}

/// A path with slashes, on every system.
pub(crate) fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Where the files of a composition lie, and where whoever reads about them is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    /// Root of the workspace.
    pub(crate) workspace: PathBuf,
    /// The folder that paths in messages start from.
    pub(crate) reader: PathBuf,
}

/// Every text that was read in one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    all: Vec<Source>,
    view: Option<View>,
}

impl Sources {
    /// The number of the text that is added next.
    pub(crate) fn next(&self) -> SourceId {
        SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX))
    }

    /// Adds a text.
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = self.next();
        self.all.push(Source {
            name: name.into(),
            text: text.into(),
            path: None,
            called: None,
            lines: OnceLock::new(),
            characters: OnceLock::new(),
        });
        id
    }

    /// Says where a text was read from.
    pub(crate) fn lies_at(&mut self, id: SourceId, path: impl Into<PathBuf>) {
        if let Some(source) = self.all.get_mut(id.0 as usize) {
            source.path = Some(path.into());
        }
    }

    /// Says what generated code calls a text, wherever it was read from.
    pub(crate) fn is_called(&mut self, id: SourceId, name: impl Into<String>) {
        if let Some(source) = self.all.get_mut(id.0 as usize) {
            source.called = Some(name.into());
        }
    }

    /// The text that was read from this file, if one was.
    pub(crate) fn lying_at(&self, path: &Path) -> Option<SourceId> {
        let found = self
            .all
            .iter()
            .position(|source| source.path.as_deref() == Some(path))?;
        u32::try_from(found).ok().map(SourceId)
    }

    /// The text with this number.
    pub(crate) fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }

    /// Says where all files are looked at from.
    pub(crate) fn seen_from(&mut self, view: View) {
        self.view = Some(view);
    }

    /// The path by which whoever reads a message opens this file: from where he is, or absolute where that is far away. A text that
    /// lies nowhere has its name.
    pub(crate) fn shown(&self, id: SourceId) -> String {
        let source = self.get(id);
        let (Some(view), Some(path)) = (&self.view, &source.path) else {
            return source.name.clone();
        };
        let near = relative(path, &view.reader);
        let climbs = near.components().filter(|one| *one == Component::ParentDir);
        let climbs = climbs.count();
        // The root of the file system is above everything, and brings nothing together.
        let meets_at_the_root = climbs + 1 >= view.reader.components().count();
        let is_far = climbs > 2 || (climbs > 0 && meets_at_the_root);
        slashed(if is_far { path } else { &near })
    }

    /// Where a place is, for generated code, as `file:line`: of a file in the workspace the path from its root, of any other
    /// one its name, so that it is the same on every machine.
    pub(crate) fn place(&self, origin: Origin) -> String {
        let source = self.get(origin.source);
        let seen = self.view.as_ref().zip(source.path.as_ref());
        let seen = seen.and_then(|(view, path)| path.strip_prefix(&view.workspace).ok());
        let said = source.called.clone();
        let file = said
            .or_else(|| seen.map(slashed))
            .unwrap_or_else(|| source.name.clone());
        format!("{file}:{}", self.position(origin).0)
    }

    /// Where a place is, for generated code of the package that the text belongs to, as `plugins.toml:7`.
    pub(crate) fn own_place(&self, origin: Origin) -> String {
        let name = &self.get(origin.source).name;
        format!("{name}:{}", self.position(origin).0)
    }

    /// Whether one of the texts, of this name, is like this.
    pub(crate) fn any(&self, is: impl Fn(&str, &str) -> bool) -> bool {
        self.all.iter().any(|source| is(&source.name, &source.text))
    }

    /// Line and column of a place, both from 1; columns count characters.
    pub(crate) fn position(&self, origin: Origin) -> (usize, usize) {
        let position = self.get(origin.source).position(origin.start as usize);
        (position.line, position.column)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{below, on_char_boundaries, relative};

    #[test]
    fn a_range_takes_whole_characters() {
        let text = "a→b";
        let starts: Vec<usize> = (0..7)
            .map(|at| on_char_boundaries(text, at..9).start)
            .collect();
        let ends: Vec<usize> = (0..7)
            .map(|at| on_char_boundaries(text, 0..at).end)
            .collect();
        assert_eq!(starts, [0, 1, 1, 1, 4, 5, 5]);
        assert_eq!(ends, [0, 1, 4, 4, 4, 5, 5]);
    }

    #[test]
    fn a_path_leads_out_of_a_folder_as_far_as_there_are_folders() {
        assert_eq!(
            below(Path::new("/a/b"), Path::new("../c")),
            Path::new("/a/c")
        );
        assert_eq!(
            below(Path::new(""), Path::new("../../c")),
            Path::new("../../c")
        );
    }

    #[test]
    fn the_way_to_a_folder_goes_up_as_far_as_it_has_to() {
        let way = relative(Path::new("/a/d"), Path::new("/a/b/c"));
        assert_eq!(way, Path::new("../../d"));
    }
}
