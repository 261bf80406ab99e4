//! Filters of the forms compiled for facts.

use crate::definitions::all::Definitions;
use crate::definitions::dimension::{Class, Dimension, SETS};
use crate::definitions::form::Filter;

/// Which codes of each dimension pass; compiled from the filters of a form.
#[derive(Debug, Clone, Default)]
pub struct Sieve(Vec<(usize, u32)>);

impl Sieve {
    /// Compiles filters for a kind of fact; `None` when a filter names a dimension that the facts have not.
    pub fn new(set: usize, filters: &[&Filter], definitions: &Definitions) -> Option<Self> {
        let mut passes = Vec::new();
        for (name, codes) in filters.iter().flat_map(|filter| filter.iter()) {
            let dimension = SETS[set].dimensions.iter().position(|dimension| dimension.name == name)?;
            let mut mask = 0_u32;
            for code in codes {
                mask |= 1 << (position(SETS[set].dimensions[dimension], code, definitions)? + 1);
            }
            passes.push((dimension, mask));
        }
        Some(Self(passes))
    }

    pub fn passes(&self, class: Class) -> bool {
        self.0.iter().all(|(dimension, mask)| mask >> class.code(*dimension) & 1 == 1)
    }

    /// Positions of the dimensions whose code keeps the fact out.
    pub fn failing(&self, class: Class) -> impl Iterator<Item = usize> {
        self.0
            .iter()
            .filter(move |(dimension, mask)| mask >> class.code(*dimension) & 1 == 0)
            .map(|(dimension, _)| *dimension)
    }
}

/// Position of a code in a dimension.
pub fn position(dimension: Dimension, code: &str, definitions: &Definitions) -> Option<usize> {
    match dimension.list {
        Some(list) => definitions.codelist(list)?.position(code),
        None => ["no", "yes"].iter().position(|flag| *flag == code),
    }
}
