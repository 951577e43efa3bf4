//! The samples compile, and their code is as short as it is meant to be.

use exo_libos_samples::SAMPLES;

#[test]
fn every_sample_compiles() {
    for sample in SAMPLES {
        match exo_policy::compile(sample.source) {
            Ok(program) => if std::env::var("LIST").is_ok() { println!("{}", exo_policy::listing::disassemble(&program)) },
            Err(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                panic!("{}:\n{}", sample.name, errors.join("\n"));
            }
        }
    }
}
