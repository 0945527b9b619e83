//! The page of `graph --format html` in a browser: Chromium, where there is one, and else that is said.

mod packages;

use std::fs;
use std::path::Path;
use std::process::Command;

use packages::{Packages, text};

const HOST: &str = "treenail = 1\n[host]\n[[component]]\ntype = \"crate::Desk\"\nrequires = { mail = \"dyn mail::Mail\" }\n";
const MAIL: &str = "treenail = 1\n[plugin]\nid = \"mail\"\ndescription = \"</script><script>document.title='taken'</script>\"\n\
    [[component]]\ntype = \"crate::Smtp\"\nprovides = [\"dyn crate::Mail\"]\nrequires = { pool = \"crate::Pool\" }\n\
    [[component]]\ntype = \"crate::Pool\"\n";

/// What a person does, and what is then on the page: said in an element of its own, which the browser prints.
const DRIVEN: &str = r##"
<pre id="seen"></pre>
<script>
addEventListener("load", async () => {
  const seen = [];
  const texts = (where) => [...document.querySelectorAll(where)].map((one) => one.firstChild.textContent).join(" ");
  const see = (what, found) => seen.push(`${what}: ${found}`);
  const next = () => new Promise((done) => setTimeout(done, 50));
  const press = (key) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  see("title", document.title);
  see("plugins", texts("#drawing .box"));
  location.hash = "#component:mail:Smtp";
  await next();
  see("boxes", texts("#drawing .box"));
  see("chosen", texts("#drawing .box.chosen"));
  see("arrows", document.querySelectorAll("#drawing svg > path").length);
  see("told", texts("article.shown h3"));
  press("/");
  const input = document.activeElement;
  input.value = "pool";
  input.dispatchEvent(new Event("input"));
  see("found", [...document.querySelectorAll("nav li:not([hidden]) a")].map((one) => one.textContent).join(" "));
  press("Enter");
  await next();
  see("entered", location.hash);
  press("Escape");
  see("all again", document.querySelectorAll("nav li[hidden]").length);
  document.querySelector("#drawing .box:not(.chosen)").focus();
  see("lit", document.querySelectorAll("#drawing path.lit").length);
  document.activeElement.click();
  await next();
  see("followed", document.activeElement.className.includes("chosen") && location.hash);
  document.getElementById("seen").textContent = seen.join("\n");
});
addEventListener("unhandledrejection", (event) => (document.getElementById("seen").textContent = event.reason));
</script>
"##;

/// The page as a browser has it after its scripts ran; `None` without a browser.
fn shown(page: &Path) -> Option<String> {
    let mut browsers = ["chromium", "chromium-browser", "google-chrome"].into_iter();
    browsers.find_map(|browser| {
        let output = Command::new(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--virtual-time-budget=5000",
                "--dump-dom",
            ])
            .arg(format!("file://{}", page.display()))
            .output()
            .ok()?;
        Some(text(&output.stdout).to_owned())
    })
}

#[test]
#[ignore = "needs a browser"]
fn a_person_finds_a_component_and_who_needs_it_by_keyboard() {
    let packages = Packages::new(HOST, MAIL);
    let output = packages.run("desk", &["graph", "--format", "html"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout).replace("</body>", &format!("{DRIVEN}</body>"));
    let file = packages.0.join("page.html");
    fs::write(&file, page).expect("written");
    let Some(shown) = shown(&file) else {
        eprintln!("skipped: there is no chromium, chromium-browser or google-chrome");
        return;
    };
    let (_, seen) = shown
        .split_once("<pre id=\"seen\">")
        .expect("what was seen");
    let (seen, _) = seen.split_once("</pre>").expect("its end");
    let expected = [
        "title: desk 1.0.0: composition",
        "plugins: app mail",
        "boxes: Desk Smtp Pool",
        "chosen: Smtp",
        "arrows: 2",
        "told: component",
        "found: Critical path Pool Smtp mail::Pool",
        "entered: #component:mail:Pool",
        "all again: 0",
        "lit: 1",
        "followed: #component:app:Desk",
    ];
    assert_eq!(seen.lines().collect::<Vec<_>>(), expected);
}
