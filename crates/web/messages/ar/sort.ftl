# اختيار ترتيب الجدول، بمفتاح واحد أو اثنين.
sort-hint = ‏Shift مع النقر: مفتاح ترتيب ثانٍ
sort-is-first = (الترتيب الأول حسب هذا)
sort-is-second-up = (ثم حسب هذا، الأصغر أولاً)
sort-is-second-down = (ثم حسب هذا، الأكبر أولاً)
sort-by = الترتيب حسب
sort-then = ثم حسب
sort-then-none = ثم حسب…
sort-then-by = ثم: { $sort }
