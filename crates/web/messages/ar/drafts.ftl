# New orders, drafts, offers.

shell-nav-drafts = المسودات

draft-new-window = طلب جديد · الطلبات · قافلة
draft-new-title = طلب جديد
draft-new-subtitle = الرقم أولا: بيانات الزبون المعروف تُملأ تلقائيا.
draft-window = { $name } · المسودات · قافلة
draft-nobody = لا اسم بعد
draft-nothing = فارغة
draft-refresh = حساب
draft-phone = رقم الهاتف
draft-name = الاسم
draft-wilaya = الولاية
draft-commune = البلدية
draft-province = الولاية أو المقاطعة
draft-city = المدينة
draft-choose = اختيار
draft-record = الطلبات { $orders }، المسلّمة { $delivered }، المرتجعة { $returned }
draft-use = نقل البيانات
draft-used = نُقلت البيانات
draft-title = التسمية
draft-remove = إزالة { $title }
draft-find = المنتج أو رمزه
draft-find-go = بحث
draft-found = نتائج الكتالوغ
draft-add-free = إضافة «{ $title }» خارج الكتالوغ
draft-more = المزيد
draft-more-hint = المصدر، الدفع، الأولوية، اليوم
draft-source = المصدر
draft-fee-of-store = رسوم المتجر
draft-is-test = طلب تجربة
draft-sums = المجموع
draft-discount-hint = 500 / 10%
draft-note = ملاحظة للفريق
draft-no-total = لا مجموع بعد
draft-lacks = ما ينقص
draft-place = تسجيل الطلب
draft-save = حفظ المسودة
draft-save-as = حفظ كمسودة
draft-wrong = يجب مراجعة الحقول المعلّمة.
draft-placed-already = أُرسلت هذه الاستمارة من قبل بمحتوى آخر. إرسالها من جديد يسجل طلبا ثانيا.
draft-stale = تغيرت هذه المسودة من طرف شخص آخر. المقارنة ثم الإبقاء على إحدى النسختين.
draft-keep-mine = الإبقاء على نسختي
draft-keep-theirs = الإبقاء على نسختهم
draft-saved = حُفظت المسودة
draft-again = أُنشئت مسودة من الطلب
draft-deleted = حُذفت المسودة
draft-unshared = لم يعد الرابط يعمل
draft-changes = { $count ->
    [zero] لا فرق اليوم عن الطلب المعاد.
    [one] فرق واحد اليوم عن الطلب المعاد: السعر أو الاسم أو توقف البيع.
    [two] فرقان اليوم عن الطلب المعاد: السعر أو الاسم أو توقف البيع.
    [few] { $n } فروق اليوم عن الطلب المعاد: الأسعار أو الأسماء أو توقف البيع.
    [many] { $n } فرقا اليوم عن الطلب المعاد: الأسعار أو الأسماء أو توقف البيع.
    *[other] { $n } فرق اليوم عن الطلب المعاد: الأسعار أو الأسماء أو توقف البيع.
}
draft-expires = تُحذف تلقائيا يوم { $at }
draft-share = رابط للزبون
draft-share-text-hint = يرى الزبون العرض عبر الرابط ويقبله هناك.
draft-share-make = إنشاء رابط
draft-share-new = إنشاء رابط جديد
draft-share-end = إنهاء الرابط
draft-share-text = عرضكم من { $store }: { $link }
draft-link = الرابط
draft-link-once = يظهر الرابط مرة واحدة. كل رابط جديد ينهي هذا الرابط.
draft-link-until = الرابط صالح حتى { $at }
draft-copy = نسخ
draft-delete = حذف المسودة
draft-delete-text = تُحذف المسودة بكل ما فيها وينتهي رابطها. لا يمكن التراجع عن ذلك.
draft-state-open = مفتوحة
draft-state-shared = مشتركة
draft-state-placed = مسجلة

drafts-window = المسودات · قافلة
drafts-title = المسودات
drafts-subtitle = طلبات قيد الإعداد: سلات وعروض أسعار وطلبات من المحادثات
drafts-views = المسودات حسب الحالة
drafts-open = مفتوحة
drafts-placed = مسجلة
drafts-empty-title = ستظهر المسودات هنا
drafts-empty-text = يُحفظ الطلب الجديد كمسودة حين ينقص شيء، أو يُشارك مع الزبون أولا.
drafts-none-title = لا مسودات مسجلة
drafts-none-text = تبقى هنا لفترة المسودات التي أصبحت طلبات.
drafts-count = { $count ->
    [zero] لا مسودات
    [one] مسودة واحدة
    [two] مسودتان
    [few] { $n } مسودات
    [many] { $n } مسودة
    *[other] { $n } مسودة
}

quote-window = { $title } · { $store }
quote-title = عرضكم
quote-placed-title = طلبكم
quote-spent-title = انتهت صلاحية هذا الرابط
quote-spent-text = استُعمل من قبل أو مضى عليه وقت طويل. يمكن طلب رابط جديد من المتجر.
quote-placed-text = شكرا. سُجل طلبكم { $number }.
quote-to = إلى
quote-accept = القبول والطلب
quote-until = العرض صالح حتى { $at }
quote-not-ready = ما زال المتجر يعد هذا العرض.

error-amount-text = يُكتب المبلغ مثل 1500 أو 1500.50.
error-discount-text = يُكتب مبلغ مثل 500 أو نسبة مثل 10%.
