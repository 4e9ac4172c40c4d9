# الطلبات الواردة من ملفات، والأعمال الطويلة كما تظهر في كل صفحة.

imports-title = الاستيراد
imports-window = الاستيراد · قافلة
imports-window-of = { $title } · الاستيراد · قافلة
imports-window-wrong = خطأ: { $title } · الاستيراد · قافلة
imports-subtitle = طلبات من ملفات CSV و XLSX. يمكن التراجع عن كل استيراد.
imports-new = استيراد جديد
imports-new-text = CSV أو XLSX. تسمّي الأعمدة وترى كل خطأ قبل حفظ أي شيء.
imports-back = عودة إلى الاستيراد
imports-other-file = ملف آخر
imports-col-file = الملف
imports-col-state = الحالة
imports-col-result = النتيجة
imports-col-by = بواسطة
imports-col-begun = البداية
imports-count = { $count ->
    [zero] لا استيراد
    [one] استيراد واحد
    [two] استيرادان
    [few] { $n } عمليات استيراد
    [many] { $n } عملية استيراد
    *[other] { $n } عملية استيراد
}
imports-empty-title = لم يُستورد أي ملف بعد
imports-empty-text = ارفع طلبات نظام آخر أو جدولًا لفريقك. ترى ما سيحدث قبل حفظ أي شيء.
imports-empty-sample = كيف يجب أن يكون الملف؟
imports-sample = تنزيل ملف نموذجي
imports-running = قيد الاستيراد
imports-done = تم
imports-stopped = متوقف
imports-undoing = قيد التراجع
imports-undone = تم التراجع
imports-made = { $count ->
    [zero] لا جديد
    [one] أُنشئ طلب واحد
    [two] أُنشئ طلبان
    [few] أُنشئت { $n } طلبات
    [many] أُنشئ { $n } طلبًا
    *[other] أُنشئ { $n } طلب
}
imports-kept = { $count ->
    [zero] لم يبق أي طلب.
    [one] بقي طلب واحد.
    [two] بقي طلبان.
    [few] بقيت { $n } طلبات.
    [many] بقي { $n } طلبًا.
    *[other] بقي { $n } طلب.
}
imports-removed = { $count ->
    [zero] لم يُزل أي طلب.
    [one] أُزيل طلب واحد.
    [two] أُزيل طلبان.
    [few] أُزيلت { $n } طلبات.
    [many] أُزيل { $n } طلبًا.
    *[other] أُزيل { $n } طلب.
}
imports-rejected = { $count ->
    [zero] لا أسطر مرفوضة
    [one] سطر واحد مرفوض
    [two] سطران مرفوضان
    [few] { $n } أسطر مرفوضة
    [many] { $n } سطرًا مرفوضًا
    *[other] { $n } سطر مرفوض
}
imports-by-mapping = { $name }، الإصدار { $version }

imports-choose = اختيار ملف أو إفلاته هنا
imports-choose-hint = ‏CSV (أيضًا ‎.gz و ‎.zst) أو XLSX، مع سطر للعناوين
imports-upload = رفع
imports-next = ما يلي
imports-step-columns = الأعمدة
imports-step-columns-text = تقول قافلة ما تفهمه من كل عمود. تصحّحه مرة واحدة وتحفظه باسم.
imports-step-try = التجربة
imports-step-try-text = يُجرَّب كل سطر ولا يُحفظ شيء. تُذكر الأسطر التي ستُرفض بأرقامها.
imports-step-start = الاستيراد
imports-step-start-text = تدخل الطلبات بينما تواصل عملك. الملف نفسه مرتين لا يغيّر شيئًا.
imports-facts = { $size }، { $columns }
imports-columns-count = { $count ->
    [zero] لا أعمدة
    [one] عمود واحد
    [two] عمودان
    [few] { $n } أعمدة
    [many] { $n } عمودًا
    *[other] { $n } عمود
}
imports-how-title = 1. طريقة قراءة الملف
imports-how = القراءة كـ
imports-how-own = أعمدة مسماة يدويًا
imports-how-fits = { $name } (مناسب)
imports-how-own-note = الأعمدة أدناه تخمين. صحّحها واحفظها باسم.
imports-how-mapping-note = تُقرأ الأعمدة كما حفظتها. كل تغيير يصبح الإصدار التالي.
imports-how-preset-note = هذا التنسيق معروف: لا حاجة لتسمية شيء.
imports-how-missing = لم يُعثر على عمود لـ: { $columns }. سمّ واحدًا أدناه.
imports-preset-kafila = أعمدة قافلة
imports-preset-online-retail = Online Retail II (أسطر فواتير)
imports-preset-olist = Olist (مجلد جداول)
imports-preset-shopify = Shopify
imports-preset-woocommerce = WooCommerce
imports-preset-youcan = YouCan
imports-preset-generic = حسب ما تقوله العناوين
imports-preset-mapping = مطابقة محفوظة
imports-encoding = الترميز
imports-encoding-found = المكتشف: { $name }
imports-show = عرض
imports-columns = 2. معنى الأعمدة
imports-left-alone = (متروك)
imports-field-of = معنى «{ $column }»
imports-why-heading = العنوان «{ $evidence }»
imports-why-phone = { $evidence } تشبه أرقام هاتف
imports-why-email = { $evidence } تشبه عناوين بريد
imports-why-date = { $evidence } تشبه تواريخ
imports-why-amount = { $evidence } تشبه مبالغ
imports-why-count = { $evidence } تشبه كميات
imports-why-state = { $evidence } حالات معروفة
imports-why-unlike = الخلايا مختلفة ({ $evidence })
imports-words = معنى الكلمات
imports-words-text = الكلمات التي تعرفها قافلة لا تحتاج شيئًا. سمّ الأخرى.
imports-word-known = كما تعرفها قافلة
imports-meaning-of = معنى «{ $word }»
imports-rows = السطر هو
imports-rows-line = سطر من طلب
imports-rows-order = طلب كامل
imports-dates = ‏03/04 تعني
imports-dates-day = 3 أفريل
imports-dates-month = 4 مارس
imports-decimals = المبالغ
imports-decimals-auto = كما يقول كل مبلغ
imports-decimals-point = 1,234.50
imports-decimals-comma = 1.234,50
imports-constant-channel = القناة، حيث لا يذكرها عمود
imports-no-constant = غير مذكورة
imports-constant-placed-at = تاريخ الطلب، حيث لا يذكره عمود (اختياري)
imports-currency = العملة، إن لم تكن عملة المتجر (اختياري)
imports-mapping-name = اسم هذه المطابقة
imports-mapping-hint = يُقرأ الملف القادم بهذه الأعمدة دون سؤال.
imports-save-mapping = حفظ الأعمدة
imports-mapping-saved = حُفظت الأعمدة. جرّب الملف الآن.
imports-wrong = لا يمكن حفظ الأعمدة هكذا:
imports-wrong-column = { $column }: { $words }
imports-theirs = حفظ شخص آخر في هذه الأثناء:
imports-rows-title = أول أسطر الملف
imports-first-rows = { $count ->
    [zero] لا أسطر
    [one] سطر واحد
    [two] سطران
    [few] { $n } أسطر
    [many] { $n } سطرًا
    *[other] { $n } سطر
}
imports-line = السطر
imports-line-n = السطر { $n }
imports-check = 3. التجربة ثم الاستيراد
imports-check-text = التجربة تقرأ الملف كله ولا تحفظ شيئًا.
imports-save-first = احفظ الأعمدة أولًا، ثم يمكن تجربة الملف.
imports-store = المتجر
imports-store-hint = متجر واحد لكل الطلبات، أو كما يقول الملف.
imports-store-of-file = كما يقول الملف
imports-try = تجربة الملف
imports-try-again = تجربة أخرى
imports-start = استيراد الآن
imports-trying = التجربة جارية. لا يُحفظ شيء.
imports-try-stopped = أوقفت التجربة.
imports-refresh = تحديث
imports-stop = إيقاف
imports-stopping = يتوقف بعد الدفعة الحالية.
imports-started = بدأ الاستيراد.
imports-undo-begun = بدأ التراجع عن الاستيراد.
imports-running-text = يمكنك مغادرة هذه الصفحة، فالعمل مستمر.
imports-result = النتيجة
imports-would-create = طلبات ستُنشأ
imports-created = طلبات أُنشئت
imports-unchanged = موجودة من قبل دون تغيير
imports-credit-notes = إشعارات دائنة
imports-lines = أسطر مأخوذة
imports-refused = أسطر مرفوضة
imports-would-open = متاجر ستُفتح لهذا الملف لأنه لا يوجد متجر بهذه الرموز: { $stores }
imports-opened = متاجر فُتحت لهذا الملف: { $stores }
imports-tried-all = كل الأسطر صالحة. طلبات ستُنشأ: { $created }.
imports-tried-some = أسطر ستُرفض: { $rejected }. طلبات ستُنشأ: { $created }.
imports-tried-nothing = لا جديد في الملف: كل طلباته موجودة من قبل.
imports-ended-all = أُخذت كل الأسطر. طلبات أُنشئت: { $created }.
imports-ended-some = أسطر مرفوضة: { $rejected }. طلبات أُنشئت: { $created }.
imports-ended-nothing = لم يأت الملف بجديد: كل طلباته كانت موجودة.
imports-refused-title = الأسطر المرفوضة
imports-refused-text = صحّحها في الملف المنزّل واستورد ذلك الملف.
imports-refused-first = المعروض: أول { $n } من { $total }.
imports-refused-download = تنزيل الأسطر المرفوضة
imports-failed-note = فشل: { $why } ما دخل يبقى. استورد الملف نفسه للمتابعة: الطلبات الموجودة تبقى كما هي.
imports-stopped-note = توقف قبل نهايته. ما دخل يبقى. استورد الملف نفسه للمتابعة: الطلبات الموجودة تبقى كما هي.
imports-again = استيراد مجددًا
imports-about = عن هذا الاستيراد
imports-fact-by = بواسطة
imports-fact-how = قُرئ كـ
imports-fact-store = المتجر
imports-fact-begun = البداية
imports-fact-ended = النهاية
imports-fact-undone = التراجع
imports-fact-made = النتيجة
imports-undo = التراجع عن الاستيراد
imports-undo-hint = يزيل الطلبات التي لم يلمسها أحد منذئذ. ما عُمل عليه يبقى ويُذكر.
imports-undo-title = التراجع عن «{ $name }»؟
imports-undo-text = الحصيلة: { $made }. تُزال مع أسطرها وتاريخها، ويبقى ما عُمل عليه.
imports-undone-title = حصيلة التراجع
imports-kept-download = تنزيل ما بقي

progress-waiting = ينتظر دوره
progress-done = { $count ->
    [zero] لم يتم شيء
    [one] تم واحد
    [two] تم اثنان
    [few] تم { $n }
    [many] تم { $n }
    *[other] تم { $n }
}
progress-of = { $done } من { $total }
progress-pace = { $rate } في الثانية
progress-pace-left = { $rate } في الثانية، { $left }
progress-left-seconds = بقي { $n } ث
progress-left-minutes = بقي { $n } د
progress-left-hours = بقي { $n } سا

task-waiting = في الانتظار
task-running = جارٍ
task-done = تم
task-failed = فشل
task-cancelled = متوقف

job-waiting = في الانتظار
job-running = جارٍ
job-done = تم
job-dead = فشل
job-cancelled = ملغى

actor-key = برنامج (مفتاح API)
actor-customer = الزبون
actor-system = قافلة

work-notify-customer = إخبار زبون
work-send-message = إرسال رسالة
work-push-to-erp = إخبار نظام التسيير
work-send-mail = إرسال بريد
work-release-hold = رفع تعليق
work-raise-escalation = تصعيد مشكلة
work-notify-escalation = إعلام بتصعيد
work-import-orders = استيراد طلبات
work-undo-import = تراجع عن استيراد
work-export = إنشاء ملف
work-try-rules = تجربة قواعد
work-move-substatuses = نقل حالات فرعية
work-bulk = إجراء على طلبات كثيرة
work-seal-events = ختم سجل التدقيق
work-prove-counters = إثبات العدّادات
work-purge = إزالة ما انتهى وقته
work-backup = نسخ احتياطي
work-merge-customers = دمج زبائن
work-export-person = تدوين بيانات شخص
work-erase-person = محو شخص
work-forget-inactive = البحث عن زبائن خاملين
work-retag = تعميم وسم
work-fill-field = ملء فهرس حقل
work-sweep-files = تنظيف الملفات
work-verify-chain = فحص سجل التدقيق
