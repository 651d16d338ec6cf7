//! When the branch of an `if` is run: what a reader knows of the machine that will run the program.

use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprAttribute, ExprCall, ExprCompare, Number, UnaryOp};

/// When a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Always,
    Never,
    /// `__name__ == "__main__"`.
    InScript,
    Unknown,
}

impl Holds {
    fn from_known(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::Always,
            Some(false) => Self::Never,
            None => Self::Unknown,
        }
    }

    fn negated(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::InScript | Self::Unknown => Self::Unknown,
        }
    }
}

/// When `test` holds under Python 3.`minor` on Linux: what type checkers alone read never does.
pub(super) fn holds(test: &Expr, minor: u8) -> Holds {
    match test {
        Expr::Name(name) if name.id.as_str() == "TYPE_CHECKING" => Holds::Never,
        Expr::Attribute(member) => match member.attr.as_str() {
            "TYPE_CHECKING" | "PY2" => Holds::Never,
            "PY3" => Holds::Always,
            _ => Holds::Unknown,
        },
        Expr::BooleanLiteral(literal) => Holds::from_known(Some(literal.value)),
        Expr::NumberLiteral(_) => Holds::from_known(match value(test, minor) {
            Some(Value::Number(number)) => Some(number != 0),
            _ => None,
        }),
        Expr::UnaryOp(not) if not.op == UnaryOp::Not => holds(&not.operand, minor).negated(),
        Expr::BoolOp(all) => {
            let (decisive, neutral) = match all.op {
                BoolOp::And => (Holds::Never, Holds::Always),
                BoolOp::Or => (Holds::Always, Holds::Never),
            };
            let mut parts = all.values.iter().map(|part| holds(part, minor));
            let first = parts.next().unwrap_or(Holds::Unknown);
            parts.fold(first, |whole, part| match (whole, part) {
                (known, _) | (_, known) if known == decisive => decisive,
                (known, other) | (other, known) if known == neutral => other,
                _ => Holds::Unknown,
            })
        }
        Expr::Compare(comparison) => compared(comparison, minor),
        Expr::Call(call) => Holds::from_known(starts_with(call, minor)),
        _ => Holds::Unknown,
    }
}

fn compared(comparison: &ExprCompare, minor: u8) -> Holds {
    let ([op], [right]) = (&*comparison.ops, &*comparison.comparators) else {
        return Holds::Unknown;
    };
    if *op == CmpOp::Eq && (is_name_of_main(&comparison.left, right) || is_name_of_main(right, &comparison.left)) {
        return Holds::InScript;
    }
    let (Some(left), Some(right)) = (value(&comparison.left, minor), value(right, minor)) else {
        return Holds::Unknown;
    };
    Holds::from_known(match op {
        CmpOp::Eq => left.order(&right).map(|order| order.is_eq()),
        CmpOp::NotEq => left.order(&right).map(|order| order.is_ne()),
        CmpOp::Lt => left.order(&right).map(|order| order.is_lt()),
        CmpOp::LtE => left.order(&right).map(|order| order.is_le()),
        CmpOp::Gt => left.order(&right).map(|order| order.is_gt()),
        CmpOp::GtE => left.order(&right).map(|order| order.is_ge()),
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => None,
    })
}

fn is_name_of_main(name: &Expr, text: &Expr) -> bool {
    matches!(name, Expr::Name(name) if name.id.as_str() == "__name__")
        && matches!(text, Expr::StringLiteral(text) if text.value.to_str() == "__main__")
}

/// `sys.platform.startswith("win")`.
fn starts_with(call: &ExprCall, minor: u8) -> Option<bool> {
    let Expr::Attribute(function) = &*call.func else {
        return None;
    };
    let [argument] = &*call.arguments.args else { return None };
    match (
        function.attr.as_str(),
        value(&function.value, minor)?,
        value(argument, minor)?,
    ) {
        ("startswith", Value::Text(text), Value::Text(start)) => Some(text.starts_with(&start)),
        _ => None,
    }
}

#[derive(Debug)]
enum Value {
    Number(i64),
    Numbers(Vec<i64>),
    /// `sys.version_info`: what follows the first two is not known.
    Version(i64, i64),
    Text(String),
}

impl Value {
    fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => Some(left.cmp(right)),
            (Self::Numbers(left), Self::Numbers(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::Version(major, minor), Self::Numbers(right)) => {
                let known = [*major, *minor];
                let alike = right.iter().zip(&known).all(|(right, left)| left == right);
                // More parts follow, which make it the greater one of two that begin alike.
                let decided = !alike || right.len() <= known.len();
                decided.then(|| known.as_slice().cmp(right).then(std::cmp::Ordering::Greater))
            }
            (Self::Numbers(_), Self::Version(..)) => other.order(self).map(std::cmp::Ordering::reverse),
            _ => None,
        }
    }
}

fn value(expr: &Expr, minor: u8) -> Option<Value> {
    match expr {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => number.as_i64().map(Value::Number),
            _ => None,
        },
        Expr::StringLiteral(literal) => Some(Value::Text(literal.value.to_str().to_owned())),
        Expr::Tuple(tuple) => {
            let numbers = tuple.elts.iter().map(|part| match value(part, minor)? {
                Value::Number(number) => Some(number),
                _ => None,
            });
            numbers.collect::<Option<_>>().map(Value::Numbers)
        }
        Expr::Attribute(member) => attribute(member, minor),
        Expr::Subscript(part) => {
            let Value::Version(major, minor_version) = value(&part.value, minor)? else {
                return None;
            };
            match &*part.slice {
                Expr::Slice(slice) if slice.lower.is_none() && slice.step.is_none() => {
                    match value(slice.upper.as_deref()?, minor)? {
                        Value::Number(1) => Some(Value::Numbers(vec![major])),
                        Value::Number(2) => Some(Value::Numbers(vec![major, minor_version])),
                        _ => None,
                    }
                }
                index => match value(index, minor)? {
                    Value::Number(0) => Some(Value::Number(major)),
                    Value::Number(1) => Some(Value::Number(minor_version)),
                    _ => None,
                },
            }
        }
        Expr::Call(call) => match &*call.func {
            Expr::Attribute(member) if is_member(member, "platform", "system") => Some(Value::Text("Linux".into())),
            _ => None,
        },
        _ => None,
    }
}

fn attribute(member: &ExprAttribute, minor: u8) -> Option<Value> {
    if is_member(member, "sys", "version_info") {
        return Some(Value::Version(3, minor.into()));
    }
    if is_member(member, "sys", "platform") {
        return Some(Value::Text("linux".into()));
    }
    if is_member(member, "os", "name") {
        return Some(Value::Text("posix".into()));
    }
    match (value_of_version(&member.value, minor)?, member.attr.as_str()) {
        ((major, _), "major") => Some(Value::Number(major)),
        ((_, minor), "minor") => Some(Value::Number(minor)),
        _ => None,
    }
}

fn value_of_version(expr: &Expr, minor: u8) -> Option<(i64, i64)> {
    matches!(expr, Expr::Attribute(member) if is_member(member, "sys", "version_info")).then_some((3, minor.into()))
}

fn is_member(member: &ExprAttribute, module: &str, name: &str) -> bool {
    member.attr.as_str() == name && matches!(&*member.value, Expr::Name(owner) if owner.id.as_str() == module)
}

#[cfg(test)]
mod tests {
    use ruff_python_parser::parse_expression;

    use super::*;

    #[test]
    fn what_is_known_before_the_run() {
        for (test, expected) in [
            ("TYPE_CHECKING", Holds::Never),
            ("typing.TYPE_CHECKING and x", Holds::Never),
            ("not TYPE_CHECKING", Holds::Always),
            ("TYPE_CHECKING or x", Holds::Unknown),
            ("__name__ == '__main__'", Holds::InScript),
            ("'__main__' == __name__", Holds::InScript),
            ("not __name__ == '__main__'", Holds::Unknown),
            ("sys.version_info >= (3, 11)", Holds::Always),
            ("sys.version_info < (3, 11)", Holds::Never),
            ("sys.version_info > (3, 11)", Holds::Always),
            ("sys.version_info == (3, 11)", Holds::Never),
            ("(3, 8) <= sys.version_info", Holds::Always),
            ("sys.version_info >= (3, 11, 4)", Holds::Unknown),
            ("sys.version_info >= (3, 10, 4)", Holds::Always),
            ("sys.version_info[:2] == (3, 11)", Holds::Always),
            ("sys.version_info[0] < 3", Holds::Never),
            ("sys.version_info.major == 2", Holds::Never),
            ("sys.version_info.minor < 12", Holds::Always),
            ("six.PY2", Holds::Never),
            ("sys.platform == 'win32'", Holds::Never),
            ("sys.platform.startswith('linux')", Holds::Always),
            ("os.name != 'nt'", Holds::Always),
            ("platform.system() == 'Darwin'", Holds::Never),
            ("False", Holds::Never),
            ("1", Holds::Always),
            ("x == 1", Holds::Unknown),
            ("1 < x < 3", Holds::Unknown),
        ] {
            let parsed = parse_expression(test).unwrap();
            assert_eq!(holds(parsed.expr(), 11), expected, "{test}");
        }
    }
}
