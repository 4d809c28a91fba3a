"""Makes accounts.csv from the UCI file (see README.md): overdue accounts with a bill, no personal attributes.

  python make_accounts.py uci_credit_default.csv > accounts.csv
"""
import csv
import sys

out = csv.writer(sys.stdout, lineterminator="\n")
paid = [f"PAY_AMT{k}" for k in range(1, 7)]
out.writerow(["account", "months_overdue", "bill"] + [f"paid_{k}" for k in range(1, 7)] + ["defaulted"])
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    # Some amounts are written 1.00E+05.
    months, bill = int(row["PAY_0"]), int(float(row["BILL_AMT1"]))
    if months >= 1 and bill > 0:
        out.writerow([row["ID"], months, bill] + [int(float(row[k])) for k in paid] + [row["class"]])
