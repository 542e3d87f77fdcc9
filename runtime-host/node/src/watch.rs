//! Progress of a story for people: a bar on a terminal, headings elsewhere, nothing for programs.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

use crate::context::Ctx;
use crate::lang::Lang;
use crate::output;
use crate::play::Progress;

/// Watches a story being played.
#[derive(Debug)]
pub struct Watch {
    lang: Lang,
    bar: Option<ProgressBar>,
    speak: bool,
}

impl Watch {
    /// Prepares for `steps` steps.
    pub fn new(ctx: &Ctx, steps: usize) -> Self {
        let terminal = ctx.is_text() && std::io::stderr().is_terminal();
        let bar = terminal.then(|| {
            let bar = ProgressBar::new(steps as u64);
            let style = "{spinner} {bar:30} {pos}/{len} {msg}";
            bar.set_style(
                ProgressStyle::with_template(style).expect("the template is well formed"),
            );
            bar
        });
        Watch { lang: ctx.lang(), bar, speak: ctx.is_text() && !terminal }
    }

    /// Takes note of progress.
    pub fn hear(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Chapter { title, title_zh } => {
                let title = self.lang.pick(title, title_zh).to_string();
                match &self.bar {
                    Some(bar) => bar.println(format!("  {title}")),
                    None if self.speak => output::notice(&format!("  {title}")),
                    None => {}
                }
            }
            Progress::Step => {
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
        }
    }

    /// Clears the bar.
    pub fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
