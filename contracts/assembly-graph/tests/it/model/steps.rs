//! Steps of life that an operation has to send.

use suyuan_trace_api::code::{Life, LifeStep, Overlay};

use super::Model;
use crate::world::{code, new_unit, Scene, LOT, SERIAL};

impl Model {
    pub fn activate(&mut self, unit: usize, released: bool) {
        let class = if self.units[unit].serial { SERIAL } else { LOT };
        self.lives.push(LifeStep::Activate {
            presented: new_unit(&code(unit), class, None).code,
            class: class.into(),
            actor: "acme".into(),
            released,
        });
    }

    pub fn moved(&mut self, unit: usize, to: Life) {
        self.lives.push(LifeStep::Move { code: code(unit), to });
    }

    pub fn restored(&mut self, unit: usize, to: Life) {
        self.lives.push(LifeStep::Restore { code: code(unit), to });
    }

    pub fn require(&mut self, unit: usize) {
        self.lives.push(LifeStep::Require { code: code(unit) });
    }

    pub fn work_on(&mut self, unit: usize) {
        self.lives.push(LifeStep::WorkOn { code: code(unit) });
    }

    pub fn used(&mut self, unit: usize) {
        self.lives.push(LifeStep::Use { code: code(unit) });
    }

    pub fn release(&mut self, unit: usize) {
        self.lives.push(LifeStep::Release { code: code(unit) });
    }

    pub fn rework(&mut self, unit: usize) {
        self.lives.push(LifeStep::Rework { code: code(unit) });
    }

    pub fn mark(&mut self, unit: usize, problem: u64, set: bool) {
        let overlay = Overlay::NonConformant;
        let problem = Self::problem(problem);
        self.lives.push(LifeStep::Mark { code: code(unit), overlay, problem, set });
    }

    pub fn leave(&mut self, unit: usize, to: Life) {
        let Scene { actor, cell, .. } = Scene::of("acme");
        self.lives.push(LifeStep::Leave { code: code(unit), to, actor, cell });
    }

    pub fn undo(&mut self, unit: usize) {
        let Scene { actor, cell, .. } = Scene::of("acme");
        self.lives.push(LifeStep::Undo { code: code(unit), actor, cell });
    }

    pub fn supersede(&mut self, unit: usize, by: usize) {
        let class = if self.units[unit].serial { SERIAL } else { LOT };
        self.lives.push(LifeStep::Supersede {
            code: code(unit),
            by: new_unit(&code(by), class, None).code,
            class: class.into(),
            actor: "acme".into(),
        });
    }

    pub fn joined(&mut self, unit: usize, into: usize) {
        self.lives.push(LifeStep::Join { code: code(unit), into: code(into) });
    }
}
