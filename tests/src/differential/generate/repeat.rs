//! Loops, each bounded by construction.

use super::types::{Integer, Type};
use super::{Around, Generator};

impl Generator {
    /// The body of a loop that runs at most `times` times, and what stands before the loop.
    fn repeated(&mut self, times: u32, names: &[(String, Type)]) -> (String, String) {
        let label = self.chance(30).then(|| self.fresh("'l"));
        let mark = label.as_ref().map_or(String::new(), |it| format!("{it}: "));
        self.body.around.push(Around {
            label,
            gives: None,
            repeats: true,
        });
        self.body.times *= times;
        let text = self.block(names);
        self.body.times /= times;
        self.body.around.pop();
        (mark, text)
    }

    /// Whether a loop of so many rounds may stand here.
    fn room_for(&self, times: u32) -> bool {
        !self.deep() && self.body.times <= 40 && self.affordable(times * 4)
    }

    pub(super) fn for_loop(&mut self) -> Option<String> {
        let times = 1 + self.below(6) as u32;
        if !self.room_for(times) {
            return None;
        }
        let ty = self.integer_type();
        let Type::Integer(integer) = ty else {
            return None;
        };
        let name = self.fresh("at");
        let mut range = self.range(integer, times);
        if self.chance(25) {
            range = format!("({range}).rev()");
        }
        if self.chance(25) {
            let step = self.step();
            range = match range.ends_with(".rev()") {
                true => format!("{range}.step_by({step})"),
                false => format!("({range}).step_by({step})"),
            };
        }
        let (mark, text) = self.repeated(times, &[(name.clone(), ty)]);
        Some(format!("{mark}for {name} in {range} {{\n{text}}}\n"))
    }

    /// The distance of `step_by`, rarely zero.
    fn step(&mut self) -> String {
        let usize = Type::Integer(Integer::Usize);
        let routes = self.routes(&usize, false);
        if routes.is_empty() || self.chance(60) {
            return format!("{}", 1 + self.below(3));
        }
        let route = self.pick(&routes);
        let step = self.place_text(&route, 0);
        match self.chance(70) {
            true => format!("{step} | 1"),
            false => step,
        }
    }

    /// A range of at most `times` numbers.
    fn range(&mut self, integer: Integer, times: u32) -> String {
        let name = integer.name();
        let times = i128::from(times);
        match self.below(6) {
            0 => format!("{}{name}..={}", integer.max() - times + 1, integer.max()),
            1 if integer.signed() => format!("{}..{}{name}", -2, times - 2),
            2 => {
                self.body.nodes = 5;
                let first = self.operand(&Type::Integer(integer), 1);
                self.body.nodes = 0;
                format!("({first} % 10)..{times}{name}")
            }
            3 => {
                let routes = self.routes(&Type::Integer(integer), false);
                if routes.is_empty() {
                    return format!("5{name}..2");
                }
                let route = self.pick(&routes);
                let first = self.place_text(&route, 0);
                match integer.signed() {
                    true => format!("{first}..{first}.wrapping_add({times})"),
                    false => format!("{first}..{first}.saturating_add({times})"),
                }
            }
            4 => format!("1..={times}{name}"),
            _ => format!("0..{times}{name}"),
        }
    }

    pub(super) fn while_loop(&mut self) -> Option<String> {
        let times = 1 + self.below(6) as u32;
        if !self.room_for(times) {
            return None;
        }
        let name = self.fresh("k");
        let condition = match self.chance(50) {
            true => {
                let more = self.whole_expression(&Type::Bool);
                format!("{name} > 0 && ({more})")
            }
            false => format!("{name} > 0"),
        };
        let counter = (name.clone(), Type::Integer(Integer::U32));
        let (mark, text) = self.repeated(times, &[counter]);
        Some(format!(
            "let mut {name} = {times}u32;\n{mark}while {condition} {{\n{name} -= 1;\n{text}}}\n"
        ))
    }

    pub(super) fn while_let_loop(&mut self) -> Option<String> {
        let times = 1 + self.below(4) as u32;
        if !self.room_for(times) {
            return None;
        }
        let name = self.fresh("k");
        self.body.times *= times;
        let (value, pattern, names) = self.maybe();
        self.body.times /= times;
        let (mark, text) = self.repeated(times, &names);
        Some(format!(
            "let mut {name} = {times}u32;\n{mark}while let {pattern} = {value} {{\n\
             if {name} == 0 {{ break; }}\n{name} -= 1;\n{text}}}\n"
        ))
    }

    pub(super) fn endless_loop(&mut self) -> Option<String> {
        let times = 1 + self.below(4) as u32;
        if !self.room_for(times) {
            return None;
        }
        let name = self.fresh("k");
        let counter = (name.clone(), Type::Integer(Integer::U32));
        let (mark, text) = self.repeated(times, &[counter]);
        Some(format!(
            "let mut {name} = {times}u32;\n{mark}loop {{\n\
             if {name} == 0 {{ break; }}\n{name} -= 1;\n{text}}}\n"
        ))
    }
}
