//! Twenty services, each behind a trait of its own: composed by treenail, and by hand. Service `i` needs the distinct
//! members of {i/2, i/3, i/4}.

use std::sync::Arc;

use treenail::{Component, Config, Deps};

treenail::compose!();

macro_rules! services {
    ($($number:literal $Trait:ident $Type:ident $field:ident ($($need:ident: $Need:ident),*);)*) => {
        $(
            pub trait $Trait: Send + Sync {
                /// Its number, and the sums of what it needs: the same for every way to build the same graph.
                fn sum(&self) -> u64;
            }

            #[allow(dead_code)]
            pub struct $Type {
                sum: u64,
                $($need: Arc<dyn $Need>,)*
            }

            impl $Type {
                fn new($($need: Arc<dyn $Need>),*) -> Self {
                    let sum = $number $(+ $need.sum())*;
                    Self { sum, $($need),* }
                }
            }

            impl $Trait for $Type {
                fn sum(&self) -> u64 {
                    self.sum
                }
            }

            impl Component for $Type {
                #[allow(unused_variables)]
                async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
                    Ok(Self::new($(deps.$need),*))
                }
            }
        )*

        /// The twenty services, wired by hand.
        pub struct Hand {
            $(pub $field: Arc<dyn $Trait>,)*
        }

        impl Hand {
            pub fn new() -> Self {
                $(let $field: Arc<dyn $Trait> = Arc::new($Type::new($(Arc::clone(&$need)),*));)*
                Self { $($field),* }
            }
        }

        impl Default for Hand {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

services! {
    0 S0 C0 s0 ();
    1 S1 C1 s1 (s0: S0);
    2 S2 C2 s2 (s1: S1, s0: S0);
    3 S3 C3 s3 (s1: S1, s0: S0);
    4 S4 C4 s4 (s2: S2, s1: S1);
    5 S5 C5 s5 (s2: S2, s1: S1);
    6 S6 C6 s6 (s3: S3, s2: S2, s1: S1);
    7 S7 C7 s7 (s3: S3, s2: S2, s1: S1);
    8 S8 C8 s8 (s4: S4, s2: S2);
    9 S9 C9 s9 (s4: S4, s3: S3, s2: S2);
    10 S10 C10 s10 (s5: S5, s3: S3, s2: S2);
    11 S11 C11 s11 (s5: S5, s3: S3, s2: S2);
    12 S12 C12 s12 (s6: S6, s4: S4, s3: S3);
    13 S13 C13 s13 (s6: S6, s4: S4, s3: S3);
    14 S14 C14 s14 (s7: S7, s4: S4, s3: S3);
    15 S15 C15 s15 (s7: S7, s5: S5, s3: S3);
    16 S16 C16 s16 (s8: S8, s5: S5, s4: S4);
    17 S17 C17 s17 (s8: S8, s5: S5, s4: S4);
    18 S18 C18 s18 (s9: S9, s6: S6, s4: S4);
    19 S19 C19 s19 (s9: S9, s6: S6, s4: S4);
}
