use super::*;

fn all(line: &str) -> Vec<(String, f64)> {
    read(line)
}

fn check(line: &str, expected: &[(&str, f64)]) {
    let found = all(line);
    let found: Vec<_> = found
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_string()))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, value)| (*name, value.to_string()))
        .collect();
    assert_eq!(found, expected, "{line}");
}

#[test]
fn pairs_are_found_among_words() {
    check(
        "at=3/10: train/loss = 0.125, acc=91.5% lr=1e-4 (потеря=2)",
        &[("train/loss", 0.125), ("acc", 91.5), ("lr", 1e-4), ("потеря", 2.0)],
    );
    check(
        "a=1,b=2 tokens=1,234,567 x=nan",
        &[("a", 1.0), ("b", 2.0), ("tokens", 1_234_567.0), ("x", f64::NAN)],
    );
    check(
        "train_loss=1,05 lr=1e-01 n=0,125 tokens=1,234 all=1,234.5 x=1,2,3",
        &[("lr", 0.1), ("all", 1234.5)],
    );
    check("a: 1 231.5 b: 2 345 c: 3 45 e: 0,15; f: 2,1", &[("c", 3.0)]);
    check("loss: 0,25 acc: 0.5", &[("acc", 0.5)]);
    check("Loss 6,9 (7,0) Acc 1.234,5", &[]);
    check(
        "Epoch 2/5 - 3s - loss: 0.25 - val_acc: 0.91",
        &[("epoch", 2.0), ("loss", 0.25), ("val_acc", 0.91)],
    );
    check(
        "10/10 [====] - 2s - loss: 0.3 - val_loss: 0.4",
        &[("loss", 0.3), ("val_loss", 0.4)],
    );
    check(
        "[100]\ttrain's l2: 0.3\tvalid_0's auc: 0.9",
        &[("step", 100.0), ("train's l2", 0.3), ("valid_0's auc", 0.9)],
    );
    check(
        "[0]\ttrain-rmse:0.5\teval-rmse:0.75",
        &[("step", 0.0), ("train-rmse", 0.5), ("eval-rmse", 0.75)],
    );
    check(
        "Epoch: [0][10/500]\tLoss 6.9 (7.0)\tAcc@1 0.5",
        &[("epoch", 0.0), ("Loss", 6.9), ("Acc@1", 0.5)],
    );
    check("[1/300] loss 0.3", &[("loss", 0.3)]);
    check(
        "iter 10: loss 2.3, lr 3e-4",
        &[("step", 10.0), ("loss", 2.3), ("lr", 3e-4)],
    );
    check(
        "Epoch 1:  50%|####      | 100/200 [00:40<00:10, 9.71it/s, bar_loss=0.0297, bar_acc=50.0]",
        &[("epoch", 1.0), ("bar_loss", 0.0297), ("bar_acc", 50.0)],
    );
}

#[test]
fn no_number_is_invented() {
    for none in [
        "a==b",
        "x=1.2.3",
        "host=10.0.0.1",
        "n=",
        "=5",
        "5=5",
        "k=v1",
        "if x == 3",
        "?a=1&b=2",
        "2026-01-01 12:30:01 INFO started",
        "http://localhost:8080/x",
        "main.py:12: warning",
        "version: 1.2",
        "Python: 3.11",
        "WARNING: 2 tests failed",
        "done: 5 files",
        "took 1:02:03",
        "/data/v1.5/part-3:7",
        "a 10.0.0.1:80",
    ] {
        check(none, &[]);
    }
}

#[test]
fn a_line_that_is_an_object_gives_its_numbers() {
    check(
        r#" {"step": 7, "loss": {"train": 0.5}, "name": "x", "list": [1, {"a": 2}], "ok": true}"#,
        &[("step", 7.0), ("loss.train", 0.5)],
    );
    check(
        r#"{"loss": NaN, "peak": Infinity, "low": -Infinity, "x": 1}"#,
        &[("loss", f64::NAN), ("peak", f64::NAN), ("low", f64::NAN), ("x", 1.0)],
    );
    check(
        "{'loss': '0.35', 'rate': 5e-05, 'epoch': 0.1, 'ok': None, 't': tensor(0.5)}",
        &[("loss", 0.35), ("rate", 5e-5), ("epoch", 0.1), ("t", 0.5)],
    );
    for none in [r#"{"broken": 1"#, "{1: 2}", "{x = 5}", "{", "{{{{", r#"{"id": "12"}"#] {
        check(none, &[]);
    }
    check(&"{\"a\":".repeat(900), &[]);
}
