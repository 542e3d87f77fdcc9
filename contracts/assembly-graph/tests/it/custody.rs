//! How lots are kept apart (L5).

use suyuan_trace_api::assembly::{CustodyModel, NewUnit, Operation};

use crate::verbs::{name_of, refused};
use crate::world::{code, new_unit, some_of, World, LOT, SERIAL};

/// L5, clause 10 c: a lot says once how it is kept apart from others, and nothing that is poured together breaks it
#[test]
fn lots_are_put_together_only_as_their_custody_allows() {
    use CustodyModel::{MassBalance, Preserved, Segregated};
    let mut world = World::new();
    let lot = |n: usize, custody| NewUnit { custody, ..new_unit(&code(n), LOT, Some(5)) };
    let born = |n, custody| Operation::Commission { units: vec![lot(n, custody)] };
    for (n, custody) in
        [(1, Some(Preserved)), (2, Some(Preserved)), (3, Some(Segregated)), (4, Some(Segregated))]
    {
        world.acme(born(n, custody));
    }
    world.acme(born(5, None));
    world.acme(born(6, Some(MassBalance)));
    assert_eq!(world.unit(&code(1)).custody, Some(Preserved));
    assert_eq!(world.unit(&code(5)).custody, Some(MassBalance), "what is not said");
    let piece = NewUnit { custody: Some(Preserved), ..new_unit(&code(7), SERIAL, None) };
    let piece = Operation::Commission { units: vec![piece] };
    assert_eq!(name_of(&refused(&mut world, piece)), "NotLot");

    let merge = |sources: [usize; 2], custody| Operation::Merge {
        sources: sources.map(code).to_vec(),
        output: NewUnit { custody, ..new_unit(&code(9), LOT, None) },
    };
    let transform = |inputs: [usize; 2], class| Operation::Transform {
        inputs: inputs.map(|n| some_of(&code(n), 1)).to_vec(),
        outputs: vec![new_unit(&code(9), class, Some(2))],
    };
    let feed =
        |n: usize| Operation::Feed { process: "melt".into(), inputs: vec![some_of(&code(n), 1)] };
    for (sources, name) in
        [([1, 2], "KeptApart"), ([1, 3], "CustodyMismatch"), ([3, 5], "CustodyMismatch")]
    {
        assert_eq!(name_of(&refused(&mut world, merge(sources, None))), name);
        assert_eq!(name_of(&refused(&mut world, transform(sources, LOT))), name);
    }
    world.acme(feed(1));
    world.acme(feed(1));
    assert_eq!(name_of(&refused(&mut world, feed(2))), "KeptApart");
    assert_eq!(name_of(&refused(&mut world, feed(3))), "CustodyMismatch");

    let split = |custody| Operation::Split {
        source: code(2),
        outputs: vec![NewUnit { custody, ..new_unit(&code(8), LOT, Some(1)) }],
    };
    assert_eq!(name_of(&refused(&mut world, split(Some(MassBalance)))), "CustodyMismatch");
    world.acme(split(None));
    assert_eq!(world.unit(&code(8)).custody, Some(Preserved), "taken over");
    assert_eq!(
        name_of(&refused(&mut world, merge([3, 4], Some(MassBalance)))),
        "CustodyMismatch",
        "a joint lot cannot shake it off"
    );
    world.acme(merge([3, 4], None));
    assert_eq!(world.unit(&code(9)).custody, Some(Segregated));
    world.acme(Operation::Merge {
        sources: vec![code(5), code(6)],
        output: new_unit(&code(10), LOT, None),
    });
    assert_eq!(world.unit(&code(10)).custody, Some(MassBalance));
}
