//! Looks of the theme as formats of the workbook.

use crate::definitions::theme::{Align, Look, Role, Stand, Theme, Tint};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use std::collections::BTreeMap;

/// What distinguishes two formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Style {
    pub role: Role,
    pub indent: u8,
    pub upright: bool,
    /// A value: unlocked, grouped digits.
    pub value: bool,
    /// A text that may be edited.
    pub open: bool,
}

impl Style {
    pub fn plain(role: Role) -> Self {
        Self { role, indent: 0, upright: false, value: false, open: false }
    }
}

/// Formats made once each.
#[derive(Debug)]
pub struct Styles<'t> {
    theme: &'t Theme,
    made: BTreeMap<Style, Format>,
}

fn color(hex: &str) -> Color {
    u32::from_str_radix(hex, 16).map_or(Color::Automatic, Color::RGB)
}

impl<'t> Styles<'t> {
    pub fn new(theme: &'t Theme) -> Self {
        Self { theme, made: BTreeMap::new() }
    }

    pub fn get(&mut self, style: Style) -> &Format {
        let theme = self.theme;
        self.made.entry(style).or_insert_with(|| make(theme, theme.look(style.role), style))
    }
}

fn make(theme: &Theme, look: &Look, style: Style) -> Format {
    // Family 1: a program that lacks the face takes another one with serifs.
    let mut format =
        Format::new().set_font_name(&theme.font).set_font_family(1).set_font_size(look.size).set_text_wrap();
    format = match look.align {
        Align::Left => format.set_align(FormatAlign::Left).set_indent(style.indent),
        Align::Center => format.set_align(FormatAlign::Center),
        Align::Right => format.set_align(FormatAlign::Right),
    };
    format = format.set_align(match look.stand {
        Stand::Top => FormatAlign::Top,
        Stand::Middle => FormatAlign::VerticalCenter,
        Stand::Bottom => FormatAlign::Bottom,
    });
    if look.bold {
        format = format.set_bold();
    }
    if look.italic {
        format = format.set_italic();
    }
    if look.border {
        format = format.set_border(FormatBorder::Thin).set_border_color(color(&theme.line));
    }
    if let Some(fill) = &look.fill {
        format = format.set_background_color(color(fill));
    }
    if style.upright {
        format = format.set_rotation(90);
    }
    if style.open {
        format = format.set_unlocked();
    }
    if style.value {
        format = format.set_unlocked().set_num_format("#,##0");
    }
    format
}

/// The format of a verdict, for conditional formats.
pub fn tint(tint: &Tint) -> Format {
    Format::new().set_background_color(color(&tint.fill)).set_font_color(color(&tint.ink))
}
