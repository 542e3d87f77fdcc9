;; Copying and filling memory for hosts without bulk memory. binaryen lowers `memory.copy` and `memory.fill` to functions
;; that loop over single bytes; tools/wasm-polish.mjs puts the first two bodies below in their place, which move eight
;; bytes at a time, four times in a row. The last two functions only let binaryen add its own to this module too, so that
;; they can be recognised. Wasm may load and store at any address.
;;
;; A piece that does not lie in memory traps, as in the instructions; what was written before is lost with the call.
(module
  (memory 1)

  ;; As memmove: upwards, or downwards where the target lies behind the source and inside it.
  (func (export "copy") (param $dst i32) (param $src i32) (param $size i32)
    (if (i32.lt_u (i32.sub (local.get $dst) (local.get $src)) (local.get $size))
      (then
        (local.set $dst (i32.add (local.get $dst) (local.get $size)))
        (local.set $src (i32.add (local.get $src) (local.get $size)))
        (block $bytes
          (loop $words
            (br_if $bytes (i32.lt_u (local.get $size) (i32.const 8)))
            (local.set $dst (i32.sub (local.get $dst) (i32.const 8)))
            (local.set $src (i32.sub (local.get $src) (i32.const 8)))
            (local.set $size (i32.sub (local.get $size) (i32.const 8)))
            (i64.store align=1 (local.get $dst) (i64.load align=1 (local.get $src)))
            (br $words)))
        (block $done
          (loop $byte
            (br_if $done (i32.eqz (local.get $size)))
            (local.set $dst (i32.sub (local.get $dst) (i32.const 1)))
            (local.set $src (i32.sub (local.get $src) (i32.const 1)))
            (local.set $size (i32.sub (local.get $size) (i32.const 1)))
            (i32.store8 (local.get $dst) (i32.load8_u (local.get $src)))
            (br $byte)))
        (return)))
    (block $words
      (loop $lines
        (br_if $words (i32.lt_u (local.get $size) (i32.const 32)))
        (i64.store align=1 (local.get $dst) (i64.load align=1 (local.get $src)))
        (i64.store offset=8 align=1 (local.get $dst) (i64.load offset=8 align=1 (local.get $src)))
        (i64.store offset=16 align=1 (local.get $dst) (i64.load offset=16 align=1 (local.get $src)))
        (i64.store offset=24 align=1 (local.get $dst) (i64.load offset=24 align=1 (local.get $src)))
        (local.set $dst (i32.add (local.get $dst) (i32.const 32)))
        (local.set $src (i32.add (local.get $src) (i32.const 32)))
        (local.set $size (i32.sub (local.get $size) (i32.const 32)))
        (br $lines)))
    (block $bytes
      (loop $words
        (br_if $bytes (i32.lt_u (local.get $size) (i32.const 8)))
        (i64.store align=1 (local.get $dst) (i64.load align=1 (local.get $src)))
        (local.set $dst (i32.add (local.get $dst) (i32.const 8)))
        (local.set $src (i32.add (local.get $src) (i32.const 8)))
        (local.set $size (i32.sub (local.get $size) (i32.const 8)))
        (br $words)))
    (if (i32.and (local.get $size) (i32.const 4))
      (then
        (i32.store align=1 (local.get $dst) (i32.load align=1 (local.get $src)))
        (local.set $dst (i32.add (local.get $dst) (i32.const 4)))
        (local.set $src (i32.add (local.get $src) (i32.const 4)))))
    (if (i32.and (local.get $size) (i32.const 2))
      (then
        (i32.store16 align=1 (local.get $dst) (i32.load16_u align=1 (local.get $src)))
        (local.set $dst (i32.add (local.get $dst) (i32.const 2)))
        (local.set $src (i32.add (local.get $src) (i32.const 2)))))
    (if (i32.and (local.get $size) (i32.const 1))
      (then (i32.store8 (local.get $dst) (i32.load8_u (local.get $src))))))

  (func (export "fill") (param $dst i32) (param $value i32) (param $size i32)
    (local $eight i64)
    (local.set $eight
      (i64.mul
        (i64.extend_i32_u (i32.and (local.get $value) (i32.const 255)))
        (i64.const 0x0101010101010101)))
    (block $words
      (loop $lines
        (br_if $words (i32.lt_u (local.get $size) (i32.const 32)))
        (i64.store align=1 (local.get $dst) (local.get $eight))
        (i64.store offset=8 align=1 (local.get $dst) (local.get $eight))
        (i64.store offset=16 align=1 (local.get $dst) (local.get $eight))
        (i64.store offset=24 align=1 (local.get $dst) (local.get $eight))
        (local.set $dst (i32.add (local.get $dst) (i32.const 32)))
        (local.set $size (i32.sub (local.get $size) (i32.const 32)))
        (br $lines)))
    (block $done
      (loop $byte
        (br_if $done (i32.eqz (local.get $size)))
        (i32.store8 (local.get $dst) (local.get $value))
        (local.set $dst (i32.add (local.get $dst) (i32.const 1)))
        (local.set $size (i32.sub (local.get $size) (i32.const 1)))
        (br $byte))))

  (func (export "copied") (param $dst i32) (param $src i32) (param $size i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $size)))

  (func (export "filled") (param $dst i32) (param $value i32) (param $size i32)
    (memory.fill (local.get $dst) (local.get $value) (local.get $size))))
