// Leaving quickly: blank at once, then go through /leave, which ends what the server can end.
// Without this script the link in the page does the same, only slower.
const link = document.getElementById("leave");
const root = document.documentElement;
let shifts = [];

function leave() {
    root.classList.add("away");
    document.title = "";
    location.replace(link.href);
}

link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
});

// Shift three times within five seconds, with no other key between.
addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
        shifts = [];
        return;
    }
    shifts = [...shifts.slice(-2), event.timeStamp];
    if (shifts.length === 3 && shifts[2] - shifts[0] < 5000) leave();
});

// Coming back with the browser's button must not show an empty page.
addEventListener("pageshow", () => root.classList.remove("away"));

// A page that reports a problem puts the cursor there.
document.querySelector(".alert[tabindex]")?.focus();
