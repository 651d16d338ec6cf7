//! Tables as people and programs write them.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Table {
    let manner = Manner {
        is_whole: true,
        ..Manner::default()
    };
    Table::read(text, manner)
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

fn numbers(table: &Table, column: usize) -> Option<(usize, f64, f64, f64, usize)> {
    let numbers = table.columns[column].numbers()?;
    Some((numbers.count, numbers.min, numbers.max, numbers.mean, numbers.gaps))
}

fn column<'a>(table: &'a Table, order: &[usize], column: usize) -> Vec<&'a str> {
    order.iter().map(|row| table.cell(*row, column)).collect()
}

#[test]
fn names_and_numbers_of_columns_are_found() {
    let table = read("city,degrees\nOslo,4\n\"Rome, Italy\",20.5\nX,\n");
    assert_eq!(names(&table), ["city", "degrees"]);
    assert_eq!(table.rows[1], ["Rome, Italy", "20.5"]);
    assert_eq!(table.columns[0].content, Content::Words);
    assert_eq!(numbers(&table, 1), Some((2, 4.0, 20.5, 12.25, 1)));
}

#[test]
fn a_first_line_of_values_gives_no_names() {
    let table = read("1,2\n3,4");
    assert_eq!((names(&table), table.rows.len()), (vec!["", ""], 2));
}

#[test]
fn a_row_that_is_cut_off_is_left_out() {
    let rows = |text, is_whole| {
        let manner = Manner {
            is_whole,
            ..Manner::default()
        };
        Table::read(text, manner).rows
    };
    assert_eq!(rows("a\nxyz\n12", false), [["xyz"]]);
    assert_eq!(rows("a\nxyz\n12", true), [["xyz"], ["12"]]);
    assert_eq!(rows("a,b\n\"1\n2", false).len(), 0);
}

#[test]
fn thousands_are_ordered_and_counted() {
    let table = read(concat!(
        "city,people,area\nAlpha,\"1,234\",\"2,511\"\nBeta,950,\"1,020\"\n",
        "Gamma,\"2,100\",87\nDelta,\"12,005\",\"103,400\"\n"
    ));
    assert_eq!(
        column(&table, &table.order(1, false), 0),
        ["Beta", "Alpha", "Gamma", "Delta"]
    );
    assert_eq!(
        column(&table, &table.order(2, true), 0),
        ["Delta", "Alpha", "Beta", "Gamma"]
    );
    assert_eq!(numbers(&table, 1), Some((4, 950.0, 12005.0, 4072.25, 0)));
    assert_eq!(table.cell(0, 1), "1,234", "a cell stays what it is");
}

#[test]
fn losses_are_numbers_with_gaps() {
    let table = read(concat!(
        "epoch,train_loss,val_loss,lr\n1,0.91,nan,1e-3\n2,0.55,0.71,1e-3\n3,inf,0.64,5e-4\n",
        "4,0.33,NaN,5e-4\n5,0.29,0.58,-\n"
    ));
    assert_eq!(
        numbers(&table, 1).map(|it| (it.0, it.1, it.2, it.4)),
        Some((4, 0.29, 0.91, 1))
    );
    assert_eq!(numbers(&table, 2).map(|it| (it.0, it.4)), Some((3, 2)));
    assert_eq!(numbers(&table, 3).map(|it| (it.0, it.4)), Some((4, 1)));
    assert_eq!(table.values(2), [None, Some(0.71), Some(0.64), None, Some(0.58)]);
    assert_eq!(
        column(&table, &table.order(1, false), 0),
        ["5", "4", "2", "1", "3"],
        "inf is the greatest"
    );
    assert_eq!(
        column(&table, &table.order(2, true), 0),
        ["2", "3", "5", "1", "4"],
        "what holds none is last"
    );
}

#[test]
fn names_made_of_digits_are_words_and_great_numbers_are_ordered_exactly() {
    let table = read("id,key\n007,9007199254740993\n012,9007199254740992\n100,12345678901234567890\n9,-5\n");
    assert_eq!((numbers(&table, 0), numbers(&table, 1)), (None, None));
    assert_eq!(table.columns[1].content, Content::Wholes);
    assert_eq!(column(&table, &table.order(1, false), 0), ["9", "012", "007", "100"]);
    assert_eq!(column(&table, &table.order(1, true), 0), ["100", "007", "012", "9"]);
}

#[test]
fn what_a_neighbour_shows_of_the_country_counts() {
    let table = read("a;b\n1.234;1,5\n5.678;2,25\n");
    assert_eq!(
        (numbers(&table, 0), numbers(&table, 1).map(|it| it.3)),
        (None, Some(1.875))
    );
    let table = read("a\tb\n1.234\t1,5\n5.678\t2,25\n");
    assert_eq!(
        numbers(&table, 0),
        None,
        "commas before decimals: the point may stand between thousands"
    );
    let table = read("a\tb\n1.234\t1.5\n5.678\t2.25\n");
    assert_eq!(numbers(&table, 0).map(|it| it.3), Some(3.456));
}

#[test]
fn numbers_with_units_are_said_with_them() {
    let table = read("name;share;price\na;45 %;1 234,50 ₽\nb;7,5 %;99,90 ₽\n");
    let suffix = |column: usize| match &table.columns[column].content {
        Content::Numbers(form, numbers) => (form.suffix.clone(), numbers.mean),
        content => panic!("{content:?}"),
    };
    assert_eq!((suffix(1), suffix(2)), (("%".into(), 26.25), ("₽".into(), 667.2)));
}

#[test]
fn tables_of_offices_are_read() {
    let table = read("\"Temperature, mean, of the day (°C)\";\"Station\"\n1,5;A\n-2,25;B\n");
    assert_eq!(names(&table), ["Temperature, mean, of the day (°C)", "Station"]);
    assert_eq!(numbers(&table, 0).map(|it| it.3), Some(-0.375));
    let table = read("sep=;\r\nЦена, руб;Город\r\n1,5;Тверь\r\n2,25;Орёл\r\n");
    assert_eq!((names(&table), table.rows.len()), (vec!["Цена, руб", "Город"], 2));
    let table = read("\"a\nof two lines\",b\n1,2\n");
    assert_eq!(names(&table), ["a\nof two lines", "b"]);
    let table = read("Report of 2025;;\r\n;;\r\nname;value;\r\nx;1;\r\n");
    assert_eq!(
        (table.above.clone(), names(&table)),
        (vec!["Report of 2025".into()], vec!["name", "value", ""])
    );
    assert_eq!((table.rows.len(), table.uneven), (1, 0));
}

#[test]
fn tables_of_programs_are_read() {
    let table = read("# made by a program, on 2026-01-01, from a, b, c\n# second line\nx;y\n1;2\n3;4\n");
    assert_eq!(
        (names(&table), table.above.len(), table.rows.len()),
        (vec!["x", "y"], 2, 2)
    );
    let table = read("# x y\n1.000000000000000000e+00 2.000000000000000000e+00\n3.0e+00 4.0e+00\n");
    assert_eq!((names(&table), table.separator), (vec!["x", "y"], Separator::Blanks));
    assert_eq!(numbers(&table, 1).map(|it| it.3), Some(3.0));
    let table = read("#id;name\n1;a\n2;b\n");
    assert_eq!(names(&table), ["id", "name"]);
    let table = read("\"x\" \"y z\"\n\"1\" 5 \"a b\"\n\"2\" 7 \"c\"\n");
    assert_eq!((names(&table), table.cell(0, 2)), (vec!["", "x", "y z"], "a b"));
    assert_eq!(numbers(&table, 1).map(|it| it.3), Some(6.0));
    assert_eq!(read("a,b\r1,2\r3,4\r").rows, [["1", "2"], ["3", "4"]]);
    let table = read("x,y\n1,2\n# a pause\n3,4\n");
    assert_eq!(table.uneven, 1, "without comments above, it is a row");
}

#[test]
fn padded_cells_are_read_without_their_blanks() {
    // As ultralytics writes `results.csv`.
    let table = read(concat!(
        "                  epoch,         train/box_loss,   metrics/mAP50(B),                 lr/pg0\n",
        "                      0,                 1.2190,             0.6310,               0.000238\n",
        "                      1,                 1.1050,             0.6480,               0.000471\n",
    ));
    assert_eq!(names(&table), ["epoch", "train/box_loss", "metrics/mAP50(B)", "lr/pg0"]);
    assert_eq!(numbers(&table, 1).map(|it| (it.1, it.2)), Some((1.105, 1.219)));
    assert_eq!(table.values(3), [Some(0.000_238), Some(0.000_471)]);
}

#[test]
fn tables_with_rules_are_read() {
    for text in [
        " id | name  | amount \n----+-------+--------\n  1 | Anna  |  12.50\n  2 | Berta |   7.25\n(2 rows)\n\n",
        "+----+-------+--------+\n| id | name  | amount |\n+----+-------+--------+\n|  1 | Anna  |  12.50 |\n|  2 | Berta |   7.25 |\n+----+-------+--------+\n2 rows in set (0.00 sec)\n",
        "| id | name | amount |\n|----|:-----|-------:|\n| 1 | Anna | 12.50 |\n| 2 | Berta | 7.25 |\n",
    ] {
        let table = read(text);
        assert_eq!(
            (names(&table), table.rows.len(), table.uneven),
            (vec!["id", "name", "amount"], 2, 0)
        );
        assert_eq!(numbers(&table, 2), Some((2, 7.25, 12.5, 9.875, 0)), "{text}");
        assert!(is_table(text, true));
    }
}

#[test]
fn offices_of_other_kinds_are_read_or_left_as_words() {
    // SAP: the sign behind, where the number has a mark; behind digits alone it is not sure.
    let table = read("Konto\tBetrag\tSaldo\n100200\t1.234,56-\t12-\n100300\t98,10\t5\n100400\t10.000,00\t7\n");
    assert_eq!(table.values(1), [Some(-1234.56), Some(98.1), Some(10_000.0)]);
    assert_eq!(table.columns[2].content, Content::Words);
    // A German Excel.
    let table = read("Datum;Umsatz;Anteil\r\n01.02.2024;1.234,56 €;12,5 %\r\n01.03.2024;98,00 €;7,25 %\r\n");
    assert_eq!(
        (numbers(&table, 0), table.values(1)),
        (None, vec![Some(1234.56), Some(98.0)])
    );
    assert_eq!(numbers(&table, 2).map(|it| it.3), Some(9.875));
    let table = read("item,price,share,when,ok\nA,\"$1,234.50\",12%,2024-01-02,true\nB,$3.00,7.5%,2024-02-03,false\n");
    assert_eq!(table.values(1), [Some(1234.5), Some(3.0)]);
    assert_eq!(
        (&table.columns[3].content, &table.columns[4].content),
        (&Content::Words, &Content::Words)
    );
    // What has digits and is no number: accounts, cards, codes, phones, times, India's thousands, a spread.
    for cells in [
        ["(1234)", "56"],
        ["01067", "10115"],
        ["+49 170 1234567", "+49 171 7654321"],
        ["4111 1111 1111 1111", "4000 0000 0000 0002"],
        ["12:30", "09:15"],
        ["01.02.24", "15.03.24"],
        ["12,34,567", "1,23,456"],
        ["0.91±0.02", "0.93±0.01"],
        ["1.2K", "300M"],
        ["5%", "0,5"],
    ] {
        let table = read(&format!("name\tcell\nA\t{}\nB\t{}\n", cells[0], cells[1]));
        assert_eq!(numbers(&table, 1), None, "{cells:?}");
    }
    let table = read("id\tnote\tvalue\n1\t\"two\nlines\"\t3.5\n2\t\"a \"\"b\"\"\"\t4.5\n");
    assert_eq!(
        (table.rows.len(), table.cell(0, 1), table.cell(1, 1)),
        (2, "two\nlines", "a \"b\"")
    );
    let table = read("x,x,y\n1,2,3\n4,5,6\n");
    assert_eq!(
        (names(&table), table.values(1)),
        (vec!["x", "x", "y"], vec![Some(2.0), Some(5.0)])
    );
}

#[test]
fn years_above_columns_are_their_names() {
    let table = read("country,2019,2020\nNorway,5.3,5.4\nSweden,10.3,10.4\n");
    assert_eq!(
        (names(&table), numbers(&table, 1).map(|it| it.0)),
        (vec!["country", "2019", "2020"], Some(2))
    );
    let table = read("value\n1,5\n2,25\n");
    assert_eq!(
        (table.columns.len(), numbers(&table, 0).map(|it| it.3)),
        (1, Some(1.875))
    );
}

#[test]
fn rows_of_other_lengths_are_counted_and_lose_nothing() {
    let table = read("a,b,c\n1,2\n1,2,3,4\n1,2,3\n1,2,3,\n");
    assert_eq!((table.columns.len(), table.uneven), (4, 2));
    assert_eq!((table.cell(0, 2), table.cell(1, 3)), ("", "4"));
}

#[test]
fn a_row_of_a_million_cells_over_a_million_rows_is_no_trouble() {
    let text = format!("{}\n{}", "1,".repeat(1 << 20), "1\n".repeat(1 << 18));
    let table = read(&text);
    assert_eq!((table.columns.len(), table.rows.len()), (1000, (1 << 18) + 1));
    assert_eq!(table.left_out, (1 << 20) + 1 - 1000);
}

/// A number as a program of some country writes it.
fn written(value: i64, decimals: usize, point: char, between: &str) -> String {
    let digits = format!("{:0width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push_str(between);
        }
        grouped.push(digit);
    }
    let sign = if value < 0 { "-" } else { "" };
    let fraction = if decimals == 0 {
        String::new()
    } else {
        format!("{point}{fraction}")
    };
    format!("{sign}{grouped}{fraction}")
}

proptest! {
    #[test]
    fn what_a_program_prints_is_read_exactly_or_left_as_words(
        values in proptest::collection::vec(prop_oneof![-2000_i64..2000, -10_000_000_i64..10_000_000], 1..8),
        decimals in 0_usize..5,
        (point, between) in prop_oneof![
            Just(('.', "")), Just((',', "")), Just(('.', ",")), Just((',', ".")), Just((',', " ")), Just((',', "\u{a0}")),
            Just(('.', "\u{202f}")), Just(('.', "'")), Just(('.', " ")),
        ],
        separator in prop_oneof![Just(';'), Just('\t')],
    ) {
        // The country shows in another column, as it does in a file of an office.
        let rows = values.iter().map(|value| format!("{}{separator}{}\n", written(*value, decimals, point, between), written(5, 1, point, between)));
        let table = read(&format!("n{separator}sign\n{}", rows.collect::<String>()));
        if table.columns[0].numbers().is_some() {
            let wanted: Vec<Option<f64>> = values.iter().map(|value| written(*value, decimals, '.', "").parse().ok()).collect();
            prop_assert_eq!(table.values(0), wanted);
        }
    }

    #[test]
    fn plain_numbers_of_a_program_are_numbers(values in proptest::collection::vec(-1e12_f64..1e12, 2..8)) {
        let table = read(&values.iter().map(|value| format!("{value},x\n")).collect::<String>());
        let wanted: Vec<Option<f64>> = values.into_iter().map(Some).collect();
        prop_assert_eq!(table.values(0), wanted);
    }

    #[test]
    fn any_text_gives_every_row_once(text in "[a,;\"\n\r1 .#\t%-]{0,80}", is_whole in any::<bool>()) {
        let manner = Manner { is_whole, ..Manner::default() };
        let table = Table::read(&text, manner);
        for column in 0..table.columns.len() {
            let mut order = table.order(column, true);
            order.sort_unstable();
            prop_assert_eq!(order, (0..table.rows.len()).collect::<Vec<_>>());
        }
    }
}
