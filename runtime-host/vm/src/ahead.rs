//! Compiling before anybody waits for it: who checks an upload for the mempool hands the module over here, and the block
//! that stores it finds the work done, or waits for its rest, or does it itself.
//!
//! What is compiled ahead changes how long a block takes, never what it does: the verdict on a module is static, and
//! machine code enters a cache that results do not depend on.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use suyuan_core::Hash32;

/// Modules that may wait for the one compiling thread. More are left to their blocks.
const WAITING_MAX: usize = 8;

/// A module on its way.
pub(crate) type Job = (Hash32, Arc<Vec<u8>>);

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    running: Option<Hash32>,
    /// Whether a thread is there for what waits.
    worker: bool,
}

/// The queue in front of the compiling thread.
#[derive(Default)]
pub(crate) struct Ahead {
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

/// The compiling thread's hold on the queue. When it goes, by return or by panic, nobody waits for it any longer.
pub(crate) struct Worker<'a>(&'a Ahead);

impl Ahead {
    /// Puts a module in line; true if a thread must be started for it.
    pub(crate) fn enqueue(&self, job: Job) -> bool {
        let mut jobs = self.jobs.lock();
        let known = jobs.running == Some(job.0)
            || jobs.waiting.iter().any(|(checksum, _)| *checksum == job.0);
        if known || jobs.waiting.len() >= WAITING_MAX {
            return false;
        }
        jobs.waiting.push_back(job);
        !std::mem::replace(&mut jobs.worker, true)
    }

    /// Before a module is compiled by somebody else: takes it out of the line, or waits until the thread is done with it.
    pub(crate) fn settle(&self, checksum: &Hash32) {
        let mut jobs = self.jobs.lock();
        jobs.waiting.retain(|(waiting, _)| waiting != checksum);
        while jobs.running.as_ref() == Some(checksum) {
            self.changed.wait(&mut jobs);
        }
    }

    /// For the compiling thread.
    pub(crate) fn worker(&self) -> Worker<'_> {
        Worker(self)
    }
}

impl Worker<'_> {
    /// The next module; ends the one before. `None` ends the thread.
    pub(crate) fn next(&self) -> Option<Job> {
        let mut jobs = self.0.jobs.lock();
        let job = jobs.waiting.pop_front();
        jobs.running = job.as_ref().map(|(checksum, _)| *checksum);
        jobs.worker = job.is_some();
        drop(jobs);
        self.0.changed.notify_all();
        job
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        let mut jobs = self.0.jobs.lock();
        // After a return, `running` is empty and another thread may be at work already: then nothing is ours to end.
        if std::thread::panicking() {
            jobs.running = None;
            jobs.worker = false;
        }
        drop(jobs);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(n: u8) -> Job {
        ([n; 32], Arc::new(vec![n]))
    }

    #[test]
    fn a_line_is_bounded_and_holds_each_module_once() {
        let ahead = Ahead::default();
        assert!(ahead.enqueue(job(0)));
        assert!(!ahead.enqueue(job(0)), "it waits already");
        for n in 1..=20 {
            assert!(!ahead.enqueue(job(n)), "one thread is enough");
        }
        let worker = ahead.worker();
        let taken: Vec<u8> =
            std::iter::from_fn(|| worker.next()).map(|(_, bytes)| bytes[0]).collect();
        assert_eq!(taken, (0..WAITING_MAX as u8).collect::<Vec<u8>>());
        assert!(ahead.enqueue(job(1)), "the thread is gone, the next one is needed");
    }

    #[test]
    fn who_compiles_a_waiting_module_itself_takes_it_out_of_the_line() {
        let ahead = Ahead::default();
        ahead.enqueue(job(1));
        ahead.enqueue(job(2));
        ahead.settle(&[1; 32]);
        let worker = ahead.worker();
        assert_eq!(worker.next().map(|job| job.0), Some([2; 32]));
        ahead.settle(&[1; 32]);
        assert!(worker.next().is_none());
        ahead.settle(&[2; 32]);
    }

    #[test]
    fn nobody_waits_for_a_thread_that_panicked() {
        let ahead = Arc::new(Ahead::default());
        ahead.enqueue(job(3));
        let at_work = ahead.clone();
        let thread = std::thread::spawn(move || {
            let worker = at_work.worker();
            let _job = worker.next();
            panic!("the code generator has a defect");
        });
        assert!(thread.join().is_err());
        ahead.settle(&[3; 32]);
        assert!(ahead.enqueue(job(4)), "a new thread is needed");
    }
}
