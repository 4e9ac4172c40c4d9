# Times, shares and money.

time-jan = janv.
time-feb = févr.
time-mar = mars
time-apr = avr.
time-may = mai
time-jun = juin
time-jul = juil.
time-aug = août
time-sep = sept.
time-oct = oct.
time-nov = nov.
time-dec = déc.
time-now = maintenant
time-minutes = { $n } min
time-hours = { $n } h
time-percent = { $n } %

money-dzd = { $amount } DA
money-bdt = { $amount } ৳
money-kes = { $amount } KSh
money-eur = { $amount } €
money-gbp = { $amount } £
money-usd = { $amount } $
money-other = { $amount } { $code }
