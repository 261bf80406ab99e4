//! The lines of a table: edges of cells, drawn once where cells meet and in one stroke where they continue.

use crate::render::pdf::page::{Canvas, Ink};

/// Edges nearer than this are the same, in points.
const SAME: f64 = 0.02;

/// An edge from one end to the other at a place.
#[derive(Debug, Clone, Copy)]
struct Edge {
    place: f64,
    from: f64,
    to: f64,
}

/// Edges collected over a page.
#[derive(Debug, Default)]
pub struct Rules {
    across: Vec<Edge>,
    down: Vec<Edge>,
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < SAME
}

/// Lengthens a known edge that the new one overlaps or continues.
fn add(edges: &mut Vec<Edge>, new: Edge) {
    let touches =
        |old: &&mut Edge| near(old.place, new.place) && new.from <= old.to + SAME && new.to >= old.from - SAME;
    match edges.iter_mut().rev().find(touches) {
        Some(old) => (old.from, old.to) = (old.from.min(new.from), old.to.max(new.to)),
        None => edges.push(new),
    }
}

impl Rules {
    /// Adds the four edges of a cell.
    pub fn frame(&mut self, left: f64, top: f64, width: f64, height: f64) {
        let (right, bottom) = (left + width, top + height);
        for place in [top, bottom] {
            add(&mut self.across, Edge { place, from: left, to: right });
        }
        for place in [left, right] {
            add(&mut self.down, Edge { place, from: top, to: bottom });
        }
    }

    /// Draws all edges and forgets them.
    pub fn draw(&mut self, page: &mut Canvas, thickness: f64, ink: Ink) {
        for edge in self.across.drain(..) {
            page.line(&[(edge.from, edge.place), (edge.to, edge.place)], thickness, ink);
        }
        for edge in self.down.drain(..) {
            page.line(&[(edge.place, edge.from), (edge.place, edge.to)], thickness, ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_four_cells_has_six_lines() {
        let mut rules = Rules::default();
        for (left, top) in [(0.0, 0.0), (10.0, 0.0), (0.0, 5.0), (10.0, 5.0)] {
            rules.frame(left, top, 10.0, 5.0);
        }
        assert_eq!((rules.across.len(), rules.down.len()), (3, 3));
        assert!(rules.across.iter().all(|edge| near(edge.from, 0.0) && near(edge.to, 20.0)));
        assert!(rules.down.iter().all(|edge| near(edge.from, 0.0) && near(edge.to, 10.0)));
    }
}
