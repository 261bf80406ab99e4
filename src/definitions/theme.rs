//! Looks by role. Data in `templates/theme.toml`.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a cell is for; each has a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Annex,
    Note,
    /// A note in two languages side by side.
    NoteBeside,
    Title,
    Head,
    HeadMark,
    Section,
    StubNo,
    Stub,
    StubTotal,
    Provider,
    Line,
    Figure,
    Total,
    Signature,
    Signing,
    Hint,
    Machine,
}

impl Role {
    pub const ALL: [Self; 18] = [
        Self::Annex,
        Self::Note,
        Self::NoteBeside,
        Self::Title,
        Self::Head,
        Self::HeadMark,
        Self::Section,
        Self::StubNo,
        Self::Stub,
        Self::StubTotal,
        Self::Provider,
        Self::Line,
        Self::Figure,
        Self::Total,
        Self::Signature,
        Self::Signing,
        Self::Hint,
        Self::Machine,
    ];
}

/// How everything looks: one theme for the workbook and the printed page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub font: String,
    /// Colour of borders, RRGGBB.
    pub line: String,
    /// The table may be made smaller on paper, down to this share of its size.
    pub smallest: f64,
    pub page: Page,
    /// Paper of the analytical report.
    pub portrait: Page,
    /// Colours of charts, in order.
    pub palette: Vec<String>,
    /// Looks of the analytical report.
    pub prose: Prose,
    pub verdict: Verdicts,
    pub look: BTreeMap<Role, Look>,
}

/// Paper and margins in points, lying.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub width: f64,
    pub height: f64,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    /// Distance of the footer from the edge.
    pub footer: f64,
}

/// Looks of a document in sentences.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prose {
    pub title: Look,
    pub subtitle: Look,
    pub part: Look,
    pub section: Look,
    pub body: Look,
    pub question: Look,
    pub note: Look,
    pub caption: Look,
    pub head: Look,
    pub cell: Look,
    pub chart: Look,
}

/// Colours of what came of a check.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    pub holds: Tint,
    pub broken: Tint,
    pub unchecked: Tint,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tint {
    pub fill: String,
    pub ink: String,
}

/// The look of one role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Points.
    pub size: f64,
    #[serde(default)]
    pub bold: bool,
    #[serde(default)]
    pub italic: bool,
    pub align: Align,
    /// Where in the height of its cell the text stands.
    #[serde(default)]
    pub stand: Stand,
    #[serde(default)]
    pub border: bool,
    pub fill: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    Left,
    Center,
    Right,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stand {
    Top,
    #[default]
    Middle,
    Bottom,
}

impl Theme {
    /// # Errors
    /// The look of a role is missing.
    pub(crate) fn check(&self) -> Result<()> {
        let missing = Role::ALL.into_iter().find(|role| !self.look.contains_key(role));
        anyhow::ensure!(missing.is_none(), "no look for {missing:?}");
        Ok(())
    }

    /// The look of a role; `check` has seen to it that every role has one.
    pub fn look(&self, role: Role) -> &Look {
        &self.look[&role]
    }

    /// Width and height between the margins, in points.
    pub fn area(&self) -> (f64, f64) {
        let page = &self.page;
        (page.width - page.left - page.right, page.height - page.top - page.bottom)
    }
}
