//! What was published: the tables of the exokernel paper (SOSP'95), as printed.

/// A machine on which it was measured: its name and its clock in MHz.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clocked {
    /// Its name.
    pub name: &'static str,
    /// Its clock.
    pub mhz: f64,
}

/// The three machines of the paper (table 1).
pub const MACHINES: [Clocked; 3] = [
    Clocked {
        name: "DEC2100",
        mhz: 12.5,
    },
    Clocked {
        name: "DEC3100",
        mhz: 16.67,
    },
    Clocked {
        name: "DEC5000",
        mhz: 25.0,
    },
];

/// What a figure is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Microseconds.
    Microseconds,
    /// Seconds.
    Seconds,
}

impl Unit {
    /// Its symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::Microseconds => "us",
            Unit::Seconds => "s",
        }
    }

    /// Cycles as this unit, at a clock in MHz.
    pub fn of_cycles(self, cycles: f64, mhz: f64) -> f64 {
        match self {
            Unit::Microseconds => cycles / mhz,
            Unit::Seconds => cycles / mhz / 1e6,
        }
    }
}

/// How near ours must come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A path of the kernel, which the cost model is given: 5 %.
    Primitive,
    /// What is put together from them: 15 %. Nothing is tuned for it.
    Composite,
}

impl Kind {
    /// The deviation that is allowed, in hundredths.
    pub fn tolerance(self) -> f64 {
        match self {
            Kind::Primitive => 0.05,
            Kind::Composite => 0.15,
        }
    }
}

/// One row of a table, on the three machines.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// The tables that print it.
    pub table: &'static str,
    /// The system.
    pub system: &'static str,
    /// What was measured.
    pub operation: &'static str,
    /// What the figures are in.
    pub unit: Unit,
    /// How near ours must come.
    pub kind: Kind,
    /// The figures, in the order of [`MACHINES`].
    pub figures: [f64; 3],
}

macro_rules! rows {
    ($($table:literal $system:literal $operation:literal $unit:ident $kind:ident $figures:expr;)*) => {
        /// Every row that is compared, in the order of the tables.
        pub const ROWS: &[Published] = &[$(Published {
            table: $table,
            system: $system,
            operation: $operation,
            unit: Unit::$unit,
            kind: Kind::$kind,
            figures: $figures,
        },)*];
    };
}

rows! {
    "4" "Aegis" "procedure call" Microseconds Primitive [0.56, 0.42, 0.28];
    "4" "Aegis" "system call" Microseconds Primitive [3.2, 2.9, 1.6];
    "4" "Aegis" "system call, stack" Microseconds Primitive [4.7, 3.5, 2.3];
    "4" "Ultrix" "procedure call" Microseconds Primitive [0.57, 0.42, 0.28];
    "4" "Ultrix" "system call" Microseconds Primitive [32.2, 33.7, 21.3];
    "5" "Aegis" "protection" Microseconds Primitive [3.0, 2.3, 1.5];
    "5" "Aegis" "unaligned" Microseconds Primitive [2.8, 2.1, 1.5];
    "5" "Aegis" "overflow" Microseconds Primitive [2.8, 2.1, 1.5];
    "5" "Aegis" "coprocessor" Microseconds Primitive [2.8, 2.1, 1.5];
    "5" "Ultrix" "overflow" Microseconds Primitive [208.0, 151.0, 130.0];
    "5" "Ultrix" "protection" Microseconds Primitive [238.0, 177.0, 154.0];
    "6" "Aegis" "control transfer" Microseconds Primitive [2.9, 2.2, 1.4];
    "8" "ExOS" "pipe" Microseconds Composite [30.9, 22.6, 14.2];
    "8" "ExOS" "pipe'" Microseconds Composite [24.8, 18.6, 10.7];
    "8" "ExOS" "shm" Microseconds Composite [12.4, 9.3, 5.7];
    "12" "ExOS" "lrpc" Microseconds Composite [13.9, 10.4, 6.3];
    "12" "ExOS" "tlrpc" Microseconds Composite [8.6, 6.4, 2.9];
    "9" "ExOS" "matrix" Seconds Composite [7.0, 5.2, 3.7];
    "9" "Ultrix" "matrix" Seconds Composite [7.1, 5.2, 3.8];
    "10" "ExOS" "dirty" Microseconds Composite [17.5, 13.1, 9.8];
    "10" "ExOS" "prot1" Microseconds Composite [32.5, 24.4, 16.9];
    "10" "ExOS" "prot100" Microseconds Composite [213.0, 156.0, 109.0];
    "10" "ExOS" "unprot100" Microseconds Composite [275.0, 206.0, 143.0];
    "10" "ExOS" "trap" Microseconds Composite [13.9, 10.1, 4.8];
    "10" "ExOS" "appel1" Microseconds Composite [74.4, 55.0, 34.0];
    "10" "ExOS" "appel2" Microseconds Composite [45.9, 34.0, 22.0];
    "10" "Ultrix" "prot1" Microseconds Composite [51.6, 39.0, 32.0];
    "10" "Ultrix" "prot100" Microseconds Composite [175.0, 133.0, 102.0];
    "10" "Ultrix" "unprot100" Microseconds Composite [175.0, 133.0, 102.0];
    "10" "Ultrix" "trap" Microseconds Composite [240.0, 185.0, 161.0];
    "10" "Ultrix" "appel1" Microseconds Composite [383.0, 302.0, 262.0];
    "10" "Ultrix" "appel2" Microseconds Composite [335.0, 267.0, 232.0];
    "13" "ExOS-inv" "dirty" Microseconds Composite [8.0, 5.9, f64::NAN];
    "13" "ExOS-inv" "prot1" Microseconds Composite [23.1, 17.7, f64::NAN];
    "13" "ExOS-inv" "prot100" Microseconds Composite [253.0, 189.0, f64::NAN];
    "13" "ExOS-inv" "unprot100" Microseconds Composite [325.0, 243.0, f64::NAN];
    "13" "ExOS-inv" "trap" Microseconds Composite [13.9, 10.1, f64::NAN];
    "13" "ExOS-inv" "appel1" Microseconds Composite [54.4, 40.4, f64::NAN];
    "13" "ExOS-inv" "appel2" Microseconds Composite [38.8, 28.9, f64::NAN];
}
