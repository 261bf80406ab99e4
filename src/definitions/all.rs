//! All definitions of one run, and how they are asked for.

use crate::definitions::analytical::{Analytical, Phrases};
use crate::definitions::calendar::Calendar;
use crate::definitions::codelist::CodeList;
use crate::definitions::deadline::Deadline;
use crate::definitions::form::Form;
use crate::definitions::hint::Hints;
use crate::definitions::law::Paragraph;
use crate::definitions::letterhead::Letterhead;
use crate::definitions::place::RenamedPlace;
use crate::definitions::plausible::Plausible;
use crate::definitions::printed::Words;
use crate::definitions::record::Table;
use crate::definitions::spelling::Spellings;
use crate::definitions::theme::Theme;
use crate::definitions::vocabulary::Vocabulary;
use crate::values::period::Quarter;
use crate::words::citation::Citations;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Wording;
use crate::words::lang::{Lang, Text, nearest};
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that is in force.
#[derive(Debug, Clone)]
pub struct Definitions {
    pub tables: Vec<Table>,
    /// What a sheet about the body may hold.
    pub letterhead: Letterhead,
    /// Days of receipt (`consolidate --received`).
    pub received: Table,
    pub codelists: Vec<CodeList>,
    /// By what `init` proposes.
    pub hints: Hints,
    pub calendar: Calendar,
    /// Days that records may have.
    pub plausible: Plausible,
    /// Editions of all forms.
    pub forms: Vec<Form>,
    /// Who sends which form by when.
    pub deadlines: Vec<Deadline>,
    /// Places that were renamed since an edition of a form.
    pub places: Vec<RenamedPlace>,
    /// What answers each paragraph of the Rules and each explanation.
    pub law: Vec<Paragraph>,
    /// Catalogue of findings, by name.
    pub wordings: Vec<Wording>,
    /// What the analytical reports say, and the phrases that they share.
    pub analyticals: Vec<Analytical>,
    pub phrases: Phrases,
    /// Words of outputs, by key.
    pub words: BTreeMap<String, Text>,
    /// How a basis is said.
    pub citations: Citations,
    pub vocabulary: Vocabulary,
    /// Fixed words of the printed forms, and how their sheets look.
    pub printed: Words,
    pub theme: Theme,
    /// Spellings by which forms from other hands are known.
    pub filed: Spellings,
    /// SHA-256 over all definition files, printed with every report.
    pub digest: String,
}

impl Definitions {
    pub fn table(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.table == name)
    }

    pub fn codelist(&self, name: &str) -> Option<&CodeList> {
        self.codelists.iter().find(|list| list.list == name)
    }

    /// The form that is meant by a name as people write it: `2-МК`, `2мк`; the name itself where there is none.
    pub fn form_meant<'n>(&'n self, typed: &'n str) -> &'n str {
        let plain = |name: &str| -> String {
            let letters = name.chars().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric());
            letters.collect::<String>().replace('м', "m").replace('к', "k")
        };
        let wanted = plain(typed);
        self.forms.iter().find(|form| plain(&form.form) == wanted).map_or(typed, |form| &form.form)
    }

    /// The indexes of forms as they are printed, with commas: «3-МК, 4-МК».
    pub fn indexes<S: AsRef<str>>(&self, forms: &[S]) -> Text {
        let index = |name: &str, lang| {
            let form = self.forms.iter().find(|form| form.form == name);
            form.map_or_else(|| name.to_owned(), |form| form.index.get(lang).to_owned())
        };
        Text::by(|lang| forms.iter().map(|form| index(form.as_ref(), lang)).collect::<Vec<_>>().join(", "))
    }

    /// Gives each field of codes its list, as it is now.
    pub fn attach_codes(&mut self) {
        let lists: BTreeMap<String, Arc<CodeList>> =
            self.codelists.iter().map(|list| (list.list.clone(), Arc::new(list.clone()))).collect();
        for field in self.tables.iter_mut().flat_map(|table| &mut table.fields) {
            field.codes = field.list.as_ref().and_then(|list| lists.get(list)).cloned();
        }
    }

    /// The edition of a form that is in force for a quarter.
    ///
    /// # Errors
    /// An unknown form, or a quarter outside every edition.
    pub fn form(&self, name: &str, quarter: Quarter) -> Result<&Form> {
        let name = self.form_meant(name);
        let editions: Vec<&Form> = self.forms.iter().filter(|form| form.form == name).collect();
        if editions.is_empty() {
            let near = nearest(name, self.forms.iter().map(|form| form.form.as_str()));
            bail!(Halt::new("fault_form").with("form", name).near(near));
        }
        let in_force = editions
            .iter()
            .find(|form| form.valid_from <= quarter.first() && form.valid_to.is_none_or(|last| last >= quarter.last()));
        in_force.copied().or_halt(|| {
            let first = editions.iter().map(|form| form.valid_from).min().unwrap_or_default();
            Halt::new("fault_edition").with("form", name).with("period", quarter).with("date", first)
        })
    }

    /// Words of outputs by key; that every key exists is tested.
    pub fn words(&self, key: &str) -> &Text {
        static MISSING: Text = Text::NONE;
        self.words.get(key).unwrap_or(&MISSING)
    }

    pub fn wording(&self, name: &str) -> &Wording {
        self.wordings.iter().find(|wording| wording.name == name).unwrap_or(&self.wordings[0])
    }

    /// The label of a code, else the code itself.
    pub fn code_label(&self, list: &str, code: &str, lang: Lang) -> String {
        let found = self.codelist(list).and_then(|list| list.codes.iter().find(|entry| entry.code == code));
        found.map_or_else(|| code.to_owned(), |entry| entry.label.get(lang).to_owned())
    }

    /// The short words of a code, else its label.
    pub fn code_short(&self, list: &str, code: &str, lang: Lang) -> String {
        let found = self.codelist(list).and_then(|list| list.codes.iter().find(|entry| entry.code == code));
        let short = found.and_then(|entry| entry.short.as_ref());
        short.map_or_else(|| self.code_label(list, code, lang), |short| short.get(lang).to_owned())
    }
}
