//! A small code contract: lives and marks of codes, moved by the steps that the graph sends, by the table of trace-code.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::code::{Life, LifeStep, Overlay};

#[derive(Clone, Debug, Default)]
pub struct Codes {
    pub lives: BTreeMap<String, Life>,
    pub marks: BTreeSet<(String, Overlay, String)>,
}

impl Codes {
    /// All steps or none.
    pub fn advance(&mut self, steps: &[LifeStep]) -> Result<(), String> {
        let mut next = self.clone();
        for step in steps {
            next.take(step).ok_or_else(|| format!("{step:?} of {:?}", next.lives))?;
        }
        *self = next;
        Ok(())
    }

    pub fn life(&self, code: &str) -> Life {
        self.lives.get(code).copied().unwrap_or(Life::Committed)
    }

    pub fn problems(&self, code: &str) -> Vec<&str> {
        self.marks.iter().filter(|(of, ..)| of == code).map(|(.., p)| p.as_str()).collect()
    }

    fn set(&mut self, code: &str, life: Life) -> Option<()> {
        self.lives.insert(code.into(), life);
        Some(())
    }

    fn clean(&self, code: &str) -> Option<()> {
        self.problems(code).is_empty().then_some(())
    }

    fn take(&mut self, step: &LifeStep) -> Option<()> {
        use Life::{
            Active, Applied, Committed, Consumed, Destroyed, Exported, InUse, Retired, Sampled,
            Sold, Superseded, Voided,
        };
        match step {
            LifeStep::Activate { presented, released, .. } => {
                (self.life(&presented.code) == Committed).then_some(())?;
                self.set(&presented.code, if *released { Active } else { Applied })
            }
            LifeStep::Release { code } => match self.life(code) {
                Applied => self.set(code, Active),
                _ => Some(()),
            },
            LifeStep::Rework { code } => {
                matches!(self.life(code), Active | Applied).then_some(())?;
                self.set(code, Applied)
            }
            LifeStep::Leave { code, to, .. } => {
                matches!(self.life(code), Active | InUse).then_some(())?;
                self.clean(code)?;
                self.set(code, *to)
            }
            LifeStep::Undo { code, .. } => {
                matches!(self.life(code), Sold | Exported | Sampled).then_some(())?;
                self.clean(code)?;
                self.set(code, Active)
            }
            LifeStep::Restore { code, to } => {
                (!matches!(self.life(code), Voided | Committed)).then_some(())?;
                self.set(code, *to)
            }
            LifeStep::Supersede { code, by, .. } => {
                let life = self.life(code);
                matches!(life, Applied | Active | InUse).then_some(())?;
                (self.life(&by.code) == Committed).then_some(())?;
                self.set(code, Superseded)?;
                self.copy_marks(code, &by.code);
                self.set(&by.code, life)
            }
            LifeStep::Mark { code, overlay, problem, set } => {
                let mark = (code.clone(), *overlay, problem.clone());
                if *set {
                    self.marks.insert(mark);
                } else {
                    self.marks.remove(&mark);
                }
                Some(())
            }
            LifeStep::Move { code, to } => {
                let fits = match (self.life(code), to) {
                    (Active, InUse) | (Active | InUse, Consumed) => {
                        self.clean(code)?;
                        true
                    }
                    (InUse, Active) => true,
                    (from, Retired | Destroyed) => {
                        matches!(from, Applied | Active | InUse | Sold | Exported | Sampled)
                    }
                    _ => false,
                };
                fits.then_some(())?;
                self.set(code, *to)
            }
            LifeStep::Require { code } => {
                matches!(self.life(code), Active | InUse | Sold | Exported | Sampled)
                    .then_some(())?;
                self.clean(code)
            }
            LifeStep::WorkOn { code } => {
                matches!(self.life(code), Applied | Active | InUse | Sold | Exported)
                    .then_some(())?;
                self.clean(code)
            }
            LifeStep::Use { code } => {
                (self.life(code) == Active).then_some(())?;
                self.clean(code)
            }
            LifeStep::Join { code, into } => {
                (self.life(code) == Active).then_some(())?;
                self.copy_marks(code, into);
                self.set(code, Consumed)
            }
        }
    }

    fn copy_marks(&mut self, from: &str, to: &str) {
        let own: Vec<_> = self.marks.iter().filter(|(of, ..)| of == from).cloned().collect();
        for (_, overlay, problem) in own {
            self.marks.insert((to.into(), overlay, problem));
        }
    }
}
