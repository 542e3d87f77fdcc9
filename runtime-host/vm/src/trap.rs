//! What every trap of the engine means here: a contract's fault, or a fault of the host.
//!
//! A trap that is not listed as a contract's fault stops the node. That holds for the native stack (our logical limit
//! must trip long before it) and for every trap that a later engine might invent.

use wasmtime::Trap;

use crate::error::TrapKind;

/// What a trap stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The contract did it; the same on every node.
    Guest(TrapKind),
    /// Cannot happen with our configuration and checks, or depends on the machine.
    Fault,
}

/// The meaning of `trap`.
pub(crate) fn classify(trap: Trap) -> Meaning {
    match trap {
        Trap::MemoryOutOfBounds => Meaning::Guest(TrapKind::MemoryOutOfBounds),
        Trap::TableOutOfBounds => Meaning::Guest(TrapKind::TableOutOfBounds),
        Trap::IndirectCallToNull => Meaning::Guest(TrapKind::IndirectCallToNull),
        Trap::BadSignature => Meaning::Guest(TrapKind::BadSignature),
        Trap::IntegerOverflow => Meaning::Guest(TrapKind::IntegerOverflow),
        Trap::IntegerDivisionByZero => Meaning::Guest(TrapKind::IntegerDivisionByZero),
        Trap::BadConversionToInteger => Meaning::Guest(TrapKind::BadConversionToInteger),
        Trap::UnreachableCodeReached => Meaning::Guest(TrapKind::Unreachable),
        // Everything else is a proposal that is switched off (atomics, references, garbage collection, components,
        // stack switching, exceptions), a mechanism that is switched off (fuel, interruption, another execution
        // engine), or the native stack. The census below pins which codes exist.
        _ => Meaning::Fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of the traps that a contract can cause, and how many codes the engine has. An engine with other traps
    /// fails here, and whoever raises the version decides what the new ones mean.
    const GUEST_CODES: usize = 8;
    const CODES: usize = 50;

    #[test]
    fn census_of_traps_is_complete() {
        let known: Vec<Trap> = (0..=255).filter_map(Trap::from_u8).collect();
        assert_eq!(known.len(), CODES, "the engine's traps changed: {known:?}");
        let guest: Vec<Trap> = known
            .iter()
            .copied()
            .filter(|trap| matches!(classify(*trap), Meaning::Guest(_)))
            .collect();
        assert_eq!(guest.len(), GUEST_CODES, "{guest:?}");
    }

    #[test]
    fn native_stack_and_interruption_are_faults_of_the_host() {
        for trap in [Trap::StackOverflow, Trap::Interrupt, Trap::OutOfFuel] {
            assert_eq!(classify(trap), Meaning::Fault, "{trap:?}");
        }
    }
}
