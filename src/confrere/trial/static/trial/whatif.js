// The schemes are simulated on the server, slice by slice; the means are taken here as they come.
const table = document.getElementById("schemes");

const simulate = async () => {
  const rows = Array.from(table.tBodies[0].rows);
  const slices = Number(table.dataset.slices);
  const progress = document.getElementById("simulating");
  const sums = rows.map(() => ({ certain: 0, guessed: 0, imbalance: 0, lists: 0 }));
  progress.max = slices * rows.length;
  for (let slice = 0; slice < slices; slice += 1) {
    for (const [number, row] of rows.entries()) {
      const address = `${table.dataset.address.replace(/0\/$/, "")}${number}/`;
      const query = new URLSearchParams({ sizes: table.dataset.sizes, slice: String(slice) });
      const answer = await fetch(`${address}?${query}`);
      if (!answer.ok) return;
      const found = await answer.json();
      const sum = sums[number];
      sum.lists += found.lists;
      for (const name of ["certain", "guessed", "imbalance"]) sum[name] += found[name] * found.lists;
      const [certain, guessed, apart] = Array.from(row.querySelectorAll("td span"));
      certain.textContent = `${((100 * sum.certain) / sum.lists).toFixed(1)} %`;
      guessed.textContent = `${((100 * sum.guessed) / sum.lists).toFixed(1)} %`;
      apart.textContent = (sum.imbalance / sum.lists).toFixed(1);
      progress.value += 1;
    }
  }
  document.getElementById("simulated").textContent = document.getElementById("says-done").textContent;
};

if (table) simulate();
