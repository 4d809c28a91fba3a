//! One colour per agent, the same on map and tables.

use super::document::PlanDocument;

/// Fourteen colours with at least 4.5:1 against white (they carry white numbers), ordered so that neighbours differ in hue and
/// in lightness. Colour is never the only sign: numbers stand beside it everywhere.
pub(super) const COLOURS: [&str; 14] = [
    "#0072b2", "#c8361d", "#117a3d", "#a23f9b", "#b05e05", "#332288", "#137c73", "#882255",
    "#70701a", "#6d56c9", "#bd4166", "#56626f", "#8a5a2b", "#1a1a1a",
];

/// Agents with a route by its number, then agents who only hold a territory.
pub(super) struct Palette<'a> {
    agents: Vec<&'a str>,
}

impl<'a> Palette<'a> {
    pub(super) fn of(document: &'a PlanDocument) -> Self {
        let mut agents: Vec<&str> = document.routes.iter().map(|r| r.agent_ref.as_str()).collect();
        let mut others: Vec<&str> =
            document.cells.iter().filter_map(|c| c.agent_ref.as_deref()).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|agent| !agents.contains(agent));
        agents.extend(others);
        Self { agents }
    }

    /// The colour of an agent; they repeat after the fourteenth.
    pub(super) fn colour(&self, agent_ref: &str) -> &'static str {
        let place = self.agents.iter().position(|a| *a == agent_ref).unwrap_or_default();
        COLOURS[place % COLOURS.len()]
    }

    /// All agents, in the order of their colours.
    pub(super) fn agents(&self) -> &[&'a str] {
        &self.agents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn white_numbers_can_be_read_on_every_colour() {
        for colour in COLOURS {
            let contrast = 1.05 / (luminance(colour) + 0.05);
            assert!(contrast >= 4.5, "{colour} has only {contrast:.2}:1");
        }
    }
}
