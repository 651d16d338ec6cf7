//! What the build makes of the files of messages, and what it refuses.

use jobsphere_words::compile as words;

fn wrong(first: &str, other: &str) -> Vec<String> {
    words::items(&[("one.ftl", first), ("two.ftl", other)])
        .err()
        .unwrap_or_default()
}

#[test]
fn a_message_is_a_constant_and_one_with_values_a_struct_of_them() {
    let one = "## Group\nrun-pause = Pause\n\nsend-rest = { $count ->\n    [one] a { $held }\n   *[other] b\n}\n";
    let two = "send-rest = { $held } { $count }\nrun-pause = Пауза {\"{\"}\n";
    let code = words::items(&[("one.ftl", one), ("two.ftl", two)]).expect("they are the same");
    assert!(code.contains("pub(crate) const RUN_PAUSE: Message = Message(0);"));
    assert!(code.contains("pub(crate) struct SendRest<A, B, > { pub(crate) count: A, pub(crate) held: B, }"));
    assert!(code.contains("text.fill(1, &[self.count.value(), self.held.value(), ])"));
    // What an editor shows for the item.
    assert!(code.contains("run-pause = Pause"));
}

#[test]
fn messages_are_the_same_in_both_and_take_the_same() {
    assert_eq!(
        wrong("a = A\nb = B\n", "a = A\n"),
        ["two.ftl has no `b`, which one.ftl has"]
    );
    assert_eq!(
        wrong("a = A\n", "a = A\nb = B\n"),
        ["one.ftl has no `b`, which two.ftl has"]
    );
    assert_eq!(
        wrong("a = { $file } { $size }\nb = B\n", "a = { $file }\nb = { $size }\n"),
        [
            "`a` takes $file, $size in one.ftl, $file in two.ftl",
            "`b` takes nothing in one.ftl, $size in two.ftl"
        ]
    );
}

#[test]
fn what_is_no_plain_message_is_named_with_its_place() {
    assert_eq!(
        wrong("a = A\nb = B\na = A\n", "a = A\nb = B\n"),
        ["one.ftl: `a` stands twice"]
    );
    let broken = wrong("a = A\n\nb = { $file\n", "a = A\n");
    assert!(broken[0].starts_with("one.ftl, line 3: "), "{broken:?}");
    for other in [
        "a = A\n    .title = B\n",
        "a = { b }\n",
        "a = { NUMBER($count) }\n",
        "a =\n    .title = B\n",
    ] {
        let refused = wrong(other, other);
        assert!(refused[0].starts_with("one.ftl: `a` must be one text"), "{refused:?}");
    }
    assert_eq!(
        wrong("-name = A\n", ""),
        ["one.ftl: `-name` is a term; only messages are read"]
    );
}
