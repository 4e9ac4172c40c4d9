# الزبائن: القائمة، بطاقة زبون، الاستمارات، دمج بطاقتين، وما يطلبه القانون.

customers-title = الزبائن
customers-window = الزبائن · قافلة
customers-one-window = { $name } · الزبائن · قافلة
customers-form-window = { $heading } · الزبائن · قافلة
customers-count = { $count ->
    [zero] لا زبائن
    [one] زبون واحد
    [two] زبونان
    [few] { $n } زبائن
    [many] { $n } زبوناً
    *[other] { $n } زبون
}
customers-orders-n = { $count ->
    [zero] لا طلبات
    [one] طلب واحد
    [two] طلبان
    [few] { $n } طلبات
    [many] { $n } طلباً
    *[other] { $n } طلب
}
customers-table = جدول الزبائن
customers-filter-label = تصفية الزبائن
customers-search = الاسم أو الهاتف أو البريد
customers-chip-search = بحث
customers-show = عرض
customers-clear = مسح المرشحات
customers-see-all = كل الزبائن
customers-sizes = الزبائن في الصفحة
customers-sort = الترتيب
customers-sort-newest = الأحدث أولاً
customers-sort-name = حسب الاسم
customers-sort-last = الأحدث طلباً
customers-sort-quiet = الأطول بلا طلب
customers-sort-orders = الأكثر طلبات
customers-sort-spent = الأكثر شراءً
customers-sort-delivered = الأعلى تسليماً
customers-sort-returned = الأكثر إرجاعاً
customers-store = المتجر
customers-least-orders = { $count ->
    [zero] { $n } طلب أو أكثر
    [one] طلب واحد أو أكثر
    [two] طلبان أو أكثر
    [few] { $n } طلبات أو أكثر
    [many] { $n } طلباً أو أكثر
    *[other] { $n } طلب أو أكثر
}
customers-least-spent = مشتريات لا تقل عن
customers-most-share = { $percent } أو أقل
customers-quiet = بلا طلب
customers-quiet-days = { $count ->
    [zero] منذ { $n } يوم أو أكثر
    [one] منذ يوم واحد أو أكثر
    [two] منذ يومين أو أكثر
    [few] منذ { $n } أيام أو أكثر
    [many] منذ { $n } يوماً أو أكثر
    *[other] منذ { $n } يوم أو أكثر
}
customers-col-name = الزبون
customers-col-place = المكان
customers-col-last = آخر طلب
customers-new = زبون جديد
customers-new-save = إضافة الزبون
customers-export = تصدير
customers-file-begun = الملف قيد الإعداد
customers-file-making = ملف هذه القائمة قيد الإعداد: { $done } حتى الآن.
customers-file-ready = { $count ->
    [zero] الملف جاهز: لا زبائن.
    [one] الملف جاهز: زبون واحد.
    [two] الملف جاهز: زبونان.
    [few] الملف جاهز: { $n } زبائن.
    [many] الملف جاهز: { $n } زبوناً.
    *[other] الملف جاهز: { $n } زبون.
}
customers-file-failed = تعذر إعداد الملف. لم يضع شيء، يمكن التصدير من جديد.
customers-file-get = تنزيل
customers-look-again = تحديث
customers-none-title = { $count ->
    [zero] لا زبون هنا
    [one] لا زبون يطابق هذا المرشح
    [two] لا زبون يطابق المرشحين
    [few] لا زبون يطابق { $n } مرشحات
    [many] لا زبون يطابق { $n } مرشحاً
    *[other] لا زبون يطابق { $n } مرشح
}
customers-none-text = تغيير مرشح، أو مسحها كلها.
customers-none-search = يوجد الاسم ببدايته، والرقم بأي كتابة، وعنوان البريد كاملاً.
customers-empty-title = سيظهر زبائنك هنا
customers-empty-text = كل طلب يأتي بزبونه، ويمكن أيضاً إضافة زبون يدوياً.
customers-nameless = بلا اسم

customers-orders = الطلبات
customers-delivered = المسلّمة
customers-returned = المرتجعة
customers-cancelled = الملغاة
customers-spent = المشتريات
customers-figures = أرقام
customers-success = نجاح التسليم
customers-since = زبون منذ { $day }
customers-known-since = معروف منذ
customers-archived = مؤرشف
customers-archived-too = مع المؤرشفين
customers-archive = أرشفة
customers-unarchive = إخراج من الأرشيف
customers-more = المزيد
customers-edit = تعديل الزبون
customers-edit-short = تعديل
customers-new-order = طلب جديد
customers-last-orders = آخر الطلبات
customers-all-orders = كل الطلبات
customers-aside = الاتصال والموافقات

customers-name = الاسم
customers-email = البريد الإلكتروني
customers-language = اللغة
customers-language-hint = لغة الرسائل التي تصله.
customers-language-unknown = غير معروفة
customers-language-chosen = مختارة
customers-language-found = مستنتجة من كتابته
customers-language-dz = الدارجة الجزائرية
customers-language-other = لغة أخرى
customers-tags = الوسوم
customers-tags-hint = تفصل بينها فواصل.
customers-notes = الملاحظات
customers-own = الوسوم والحقول
customers-reference = المعرّف في المتجر
customers-contact = الاتصال
customers-contact-none = لا رقم ولا عنوان بريد معروف.
customers-main = الرئيسي
customers-make-main = جعله الرئيسي

customers-phone = رقم الهاتف
customers-phones = أرقام الهاتف
customers-phone-hint = بأي كتابة.
customers-phone-label = صاحب الرقم
customers-phone-label-hint = مثلاً: الأخت، العمل.
customers-phone-main = الاتصال بهذا الرقم أولاً
customers-phone-new = إضافة رقم
customers-phone-edit = تعديل الرقم
customers-phone-hidden = الرقم هو { $phone }. يُترك الحقل فارغاً للإبقاء عليه.
customers-phone-change = تعديل { $phone }
customers-phone-remove = حذف الرقم
customers-phone-remove-title = حذف هذا الرقم؟
customers-phone-remove-text = لن تؤدي المكالمات منه إلى هذا الزبون بعد الآن. الطلبات السابقة تحتفظ به.
customers-call = اتصال بـ { $phone }
customers-copy = نسخ { $phone }
customers-whatsapp = واتساب إلى { $phone }
customers-reveal = إظهار
customers-reveal-hint = يُسجَّل من اطّلع ومتى.

customers-address = العنوان
customers-addresses = العناوين
customers-addresses-none = لا عنوان خاصاً به بعد. لكل طلب عنوانه.
customers-address-new = إضافة عنوان
customers-address-edit = تعديل العنوان
customers-address-label = تسمية العنوان
customers-address-label-hint = مثلاً: البيت، المحل.
customers-address-remove = حذف العنوان
customers-address-remove-title = حذف هذا العنوان؟
customers-address-remove-text = لن يُقترح للطلبات الجديدة. الطلبات السابقة تحتفظ به.
customers-street = الشارع والمنزل
customers-street-more = تفاصيل أخرى
customers-province = الولاية
customers-city = المدينة
customers-city-hint = البلدية أو المدينة أو الحي؛ يُبحث عن المكان في القوائم.
customers-district = الدائرة
customers-postal-code = الرمز البريدي
customers-place-unknown = ليس في القوائم

customers-flags = العلامات
customers-flags-none = لا علامات.
customers-flag-new = إضافة علامة
customers-flag-intro = تظهر العلامة مع كل طلب لهذا الزبون.
customers-flag-kind = العلامة
customers-flag-reason = السبب
customers-flag-reason-hint = ما الذي حدث، ليفهمه الزملاء.
customers-flag-end = حتى
customers-flag-end-hint = تزول وحدها بعد هذا اليوم.
customers-flag-lift = رفع
customers-flag-lift-title = رفع العلامة «{ $mark }»
customers-flag-lift-reason = سبب الرفع
customers-flag-lifted = رفعها { $who }‏، { $at }: { $reason }
customers-flag-by = { $who }‏، { $day }
customers-flag-until = حتى { $day }

customers-consents = الموافقات
customers-consent-new = تسجيل
customers-consent-title = تسجيل موافقة أو رفض
customers-consent-save = تسجيل الموافقة
customers-consent-intro = يُحفظ ما قاله مع وقته وطريقته، وآخر كلمة هي المعتمدة. الرسائل عن الطلبات مسموحة حتى يرفضها، والإعلانات بعد موافقته فقط.
customers-consent-way = الوسيلة
customers-consent-purpose = الغرض
customers-consent-answer = جوابه
customers-consent-yes = موافق
customers-consent-no = رافض
customers-consent-source = طريقة الجواب
customers-consent-words = ما قاله
customers-consent-words-hint = أو أين يوجد.
customers-consent-past = ما قاله من قبل
customers-consent-was-given = { $channel }، { $purpose }: نعم. { $source }، { $who }
customers-consent-was-taken = { $channel }، { $purpose }: لا. { $source }، { $who }
customers-purpose-order = الطلبات
customers-purpose-marketing = الإعلانات
customers-way-email = البريد الإلكتروني
customers-way-sms = رسائل قصيرة
customers-way-telegram = تيليغرام
customers-way-calls = المكالمات
customers-source-call = في مكالمة
customers-source-form = في استمارة
customers-source-message = برسالة
customers-source-link = برابط
customers-source-import = من ملف
customers-source-staff = بطريقة أخرى

customers-history = السجل
customers-history-filter = تصفية السجل
customers-history-all = الكل
customers-history-orders = الطلبات
customers-history-messages = الرسائل
customers-history-payments = المدفوعات
customers-history-notes = الملاحظات
customers-history-changes = التعديلات
customers-history-empty = لا شيء هنا بعد.
customers-older = الأقدم
customers-note-placeholder = كتابة ملاحظة عن هذا الزبون
customers-note-erase = محو الملاحظة
customers-note-erase-title = محو هذه الملاحظة؟
customers-note-erase-text = يزول نصها نهائياً، ويبقى في السجل أنه كانت هناك ملاحظة.
customers-line-order = ورد الطلب { $order }، { $total }
customers-line-message = رسالة { $subject }
customers-line-payment = استلام { $amount }
customers-line-refund = رد { $amount }
customers-line-chargeback = استرجع البنك { $amount }
customers-line-credit = إشعار دائن بقيمة { $amount }
customers-line-note = كتب { $who } ملاحظة
customers-line-flag = وضع { $who } العلامة { $mark }
customers-line-flag-removed = رفع { $who } علامة
customers-line-consent-given = سجّل { $who } قبولاً: { $channel }، { $purpose }
customers-line-consent-taken = سجّل { $who } رفضاً: { $channel }، { $purpose }
customers-line-merge = دمج { $who } بطاقة أخرى في هذه البطاقة
customers-line-merged-away = دمج { $who } هذه البطاقة في أخرى
customers-line-unmerged = فصل { $who } بطاقتين
customers-line-created = أضاف { $who } هذا الزبون
customers-line-changed = عدّل { $who } البطاقة
customers-line-changed-what = عدّل { $who }: { $what }
customers-line-note-erased = محا { $who } ملاحظة
customers-line-exported = طلب { $who } إعداد كل بيانات هذا الشخص
customers-line-revealed = اطّلع { $who } على رقم هاتف كامل
customers-line-erasure-asked = طلب { $who } محو هذا الشخص
customers-line-erasure-cancelled = ألغى { $who } المحو
customers-line-erased = محا { $who } هذا الشخص
customers-message-queued = في الانتظار
customers-message-sent = أُرسلت
customers-message-skipped = لم تُرسل
customers-message-failed = فشلت
customers-payment-pending = موعود
customers-payment-failed = فشل

customers-twins-link = تشابه محتمل
customers-twins-title = على الأرجح شخص واحد
customers-twins-intro = من بين أحدث الزبائن. يمكن التراجع عن الدمج.
customers-twins-of = على الأرجح الشخص نفسه
customers-twins-none-title = لا بطاقتين متشابهتين
customers-twins-none-text = تأتي الاقتراحات من الأرقام وعناوين البريد، ومن الأسماء في الشارع نفسه.
customers-like-phone = الرقم نفسه
customers-like-email = البريد نفسه
customers-like-name = الاسم نفسه
customers-like-address = الشارع نفسه
customers-compare = مقارنة
customers-compare-two = مقارنة { $one } و{ $other }
customers-merge = دمج مع بطاقة أخرى
customers-merge-title = دمج بطاقتين
customers-merge-intro = من هو الشخص نفسه مثل { $name }؟
customers-merge-text = تبقى بطاقة، وتصبح الأخرى جزءاً منها، وتبقى روابطها القديمة صالحة.
customers-merge-search = شخص آخر
customers-merge-find = بحث
customers-merge-none = لم يُعثر على أحد.
customers-merge-stays = تبقى
customers-merge-goes = تصبح جزءاً منها
customers-merge-swap = الإبقاء على هذه بدلاً منها
customers-merge-choose = مواضع الاختلاف
customers-merge-of-kept = من البطاقة الباقية
customers-merge-of-gone = من البطاقة الأخرى
customers-merge-moves = ما سينتقل
customers-moves-orders = الطلبات
customers-merge-sums = مجموع مشترياتهما:
customers-merge-slow = الطلبات كثيرة، وستنتقل بعد الدمج، وتُظهر الصفحة مدى التقدم.
customers-merge-undo = يمكن فصلهما لاحقاً: يعود ما انتقل، وتبقى الطلبات الجديدة.
customers-merge-do = دمج
customers-merges = البطاقات المدمجة
customers-merge-was = { $name }‏، { $day }، { $who }
customers-merge-undone = تم الفصل
customers-unmerge = فصل

customers-data = البيانات الشخصية
customers-export-text = كل ما يُحفظ عن هذا الشخص، في ملف له.
customers-export-one = إعداد الملف
customers-work-export = الملف قيد الإعداد
customers-work-merge = الطلبات قيد النقل
customers-file-made = أُعد { $at }
customers-file-until = يُحفظ حتى { $day }
customers-file-people = للقراءة
customers-file-programs = للبرامج
customers-erase = محو الشخص
customers-erase-title = محو { $name }
customers-erase-gone = يزول نهائياً: الاسم والأرقام والبريد والعناوين والملاحظات والعلامات والموافقات والرسائل والملفات، وفي كل الطلبات أيضاً.
customers-erase-stays = يبقى: مبالغ الطلبات ومنتجاتها وولاياتها وتواريخها، وأرقام التقارير.
customers-erase-at-once = يبدأ فوراً.
customers-erase-wait = { $count ->
    [zero] يبدأ فوراً.
    [one] يبدأ بعد ساعة واحدة، ويمكن إلغاؤه قبل ذلك.
    [two] يبدأ بعد ساعتين، ويمكن إلغاؤه قبل ذلك.
    [few] يبدأ بعد { $n } ساعات، ويمكن إلغاؤه قبل ذلك.
    [many] يبدأ بعد { $n } ساعة، ويمكن إلغاؤه قبل ذلك.
    *[other] يبدأ بعد { $n } ساعة، ويمكن إلغاؤه قبل ذلك.
}
customers-erase-final = متى بدأ لا يستطيع أحد التراجع عنه.
customers-erase-confirm = كتابة { $name } للتأكيد
customers-erase-cancel = إلغاء المحو
customers-erasure-waits = طلب { $who } محو هذا الشخص. يبدأ: { $day }.
customers-erasure-runs = محو هذا الشخص جارٍ.
customers-erasure-done = تم المحو: { $day }.
customers-erasure-done-rule = تم المحو: { $day }، حسب قاعدة من انقطعت أخبارهم.
customers-erased = ممحو
customers-erased-name = زبون ممحو
customers-erased-text = لا شيء شخصياً يُحفظ عن هذا الزبون. تبقى مبالغ الطلبات وولاياتها وتواريخها للحسابات.
customers-erased-kept = ما زال، بالأرقام. تبقى مبالغ الطلبات وولاياتها وتواريخها.
customers-erased-orders = طلبات بلا اسم
customers-erased-messages = رسائل
customers-erased-notes = ملاحظات وأرقام وعناوين
customers-erased-files = ملفات
customers-erased-events = تفاصيل السجل

customers-form-stale = حفظ شخص آخر تعديلاً في هذه الأثناء. لم يضع شيء مما كُتب هنا.
customers-sides = الاختلافات
customers-sides-field = الحقل
customers-sides-yours = ما كُتب هنا
customers-sides-theirs = ما حُفظ
customers-sides-hint = الاستمارة أدناه تحمل ما كُتب هنا. يُعدَّل ما يجب أن يبقى كما حُفظ، ثم يُعاد الحفظ.
customers-done-saved = تم الحفظ
customers-done-made = تمت إضافة الزبون
customers-done-note = تمت إضافة الملاحظة
customers-done-note-erased = تم محو الملاحظة
customers-done-flag = تم وضع العلامة
customers-done-lifted = تم رفع العلامة
customers-done-consent = تم التسجيل
customers-done-archived = تمت الأرشفة
customers-done-unarchived = أُخرج من الأرشيف
customers-done-merged = تم دمج البطاقتين
customers-done-unmerged = عادت البطاقتان
customers-done-export = الملف قيد الإعداد
customers-done-erasing = تم تحديد المحو
customers-done-kept = أُلغي المحو
