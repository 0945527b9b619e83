fn main() {
    lockjaw::build_script();
}
