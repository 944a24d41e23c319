//! Which rule a request falls under, and which group it is that rule's turn to forward to.

use super::settings::{Action, Rule};
use http::Request;

/// The rules of one listener, with their weights of the moment.
#[derive(Debug)]
pub struct Routes {
    rules: Vec<State>,
}

#[derive(Debug)]
struct State {
    rule: Rule,
    /// What each group is owed, in the order of the action's groups.
    credits: Vec<i64>,
}

/// Where a request goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Route {
    Group(String),
    Answer(u16, String),
}

impl Routes {
    pub fn new(rules: Vec<Rule>) -> Self {
        let rules = rules.into_iter().map(|rule| State {
            credits: Vec::new(),
            rule,
        });
        Self {
            rules: rules.collect(),
        }
    }

    /// Chooses for one request. Weights are kept exactly, not by lot: of 100 requests at 9 to 1, ten go to the second.
    pub fn choose<B>(&mut self, request: &Request<B>) -> Route {
        let mut rules = self.rules.iter_mut();
        match rules.find(|it| fits(&it.rule, request)) {
            None => Route::Answer(404, "No rule fits.".to_owned()),
            Some(state) => state.choose(),
        }
    }

    /// The weights of a rule that forwards.
    pub fn weights(&self, rule: &str) -> Option<&[(String, u32)]> {
        let state = self.rules.iter().find(|it| it.rule.name == rule)?;
        match &state.rule.action {
            Action::Forward(groups) => Some(groups),
            Action::Answer(..) => None,
        }
    }

    /// Makes a rule forward by other weights; says whether there is such a rule.
    pub fn set_weights(&mut self, rule: &str, weights: &[(String, u32)]) -> bool {
        let mut rules = self.rules.iter_mut();
        let Some(state) = rules.find(|it| it.rule.name == rule) else {
            return false;
        };
        state.rule.action = Action::Forward(weights.to_vec());
        state.credits.clear();
        true
    }
}

impl State {
    fn choose(&mut self) -> Route {
        let groups = match &self.rule.action {
            Action::Answer(status, text) => return Route::Answer(*status, text.clone()),
            Action::Forward(groups) => groups,
        };
        self.credits.resize(groups.len(), 0);
        let mut all = 0;
        let mut chosen: Option<usize> = None;
        for (at, (_, weight)) in groups.iter().enumerate().filter(|(_, (_, it))| *it > 0) {
            let weight = i64::from(*weight);
            all += weight;
            self.credits[at] += weight;
            if chosen.is_none_or(|best| self.credits[at] > self.credits[best]) {
                chosen = Some(at);
            }
        }
        match chosen {
            None => Route::Answer(503, "No group has a weight.".to_owned()),
            Some(at) => {
                self.credits[at] -= all;
                Route::Group(groups[at].0.clone())
            }
        }
    }
}

fn fits<B>(rule: &Rule, request: &Request<B>) -> bool {
    let path = request.uri().path();
    let has_path = rule.paths.is_empty() || rule.paths.iter().any(|it| matches_path(it, path));
    let has_header = rule.header.as_ref().is_none_or(|(name, value)| {
        let found = request.headers().get(name);
        found.is_some_and(|it| it.as_bytes() == value.as_bytes())
    });
    has_path && has_header
}

/// `*` stands for any number of letters, `?` for one.
fn matches_path(pattern: &str, path: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return path.is_empty();
    };
    let rest = &pattern[first.len_utf8()..];
    match first {
        '*' => {
            let mut ends = path.char_indices().map(|(at, _)| at).chain([path.len()]);
            ends.any(|at| matches_path(rest, &path[at..]))
        }
        _ => {
            let next = path.chars().next();
            next.is_some_and(|it| {
                (first == '?' || first == it) && matches_path(rest, &path[it.len_utf8()..])
            })
        }
    }
}
