# التثبيت: الصحة، أعمال الخلفية، النسخ الاحتياطية، السجل التقني.

system-title = النظام
system-window = { $title } · النظام · قافلة
system-health = الصحة
system-jobs = الأعمال
system-tasks = المهام
system-schedules = الجدولة
system-backups = النسخ الاحتياطية
system-logs = السجل التقني
system-api = قارئ API
system-health-subtitle = ما يعمل، وما يحتاج نظرة، وما العمل.
system-all-well = كل شيء على ما يرام.
system-version = الإصدار
system-uptime = مدة التشغيل
system-database = قاعدة البيانات
system-database-size = { $engine }، { $size }
system-running = أعمال جارية
system-streams = صفحات مفتوحة مباشرة
system-look = عرض
system-look-in = عرض: { $title }
system-never = أبدًا
system-unknown = غير معروف
system-yes = نعم
system-all = الكل
system-state = الحالة
system-kind = نوع العمل
system-any-kind = كل الأنواع
system-filter = تصفية
system-by = لصالح
system-tried = المحاولات
system-tries = المحاولة { $n } من { $most }
system-retry = إعادة المحاولة
system-call-off = إلغاء
system-payload = بيانات العمل
system-jobs-subtitle = أعمال في الخلفية: ما ينتظر، وما يجري، وما فشل.
system-job-retried = أعيدت محاولة العمل.
system-job-cancelled = أُلغي العمل.
system-no-dead-title = لا شيء فشل
system-no-dead-text = تظهر هنا الأعمال التي تفشل كثيرًا مع السبب.
system-no-jobs-title = لا أعمال هنا
system-no-jobs-text = تُزال الأعمال المنتهية بعد مدة.
system-all-jobs = عرض كل الأعمال
system-fact-id = المعرّف
system-fact-made = أُنشئ
system-fact-due = الموعد
system-fact-was-due = كان موعده
system-fact-ended = انتهى
system-fact-event = ناتج عن
system-fact-task = المهمة
system-fact-done = المنجز
system-tasks-subtitle = أعمال طويلة ينتظرها أحد: استيراد، ملفات، إجراءات جماعية.
system-no-tasks-title = لا أعمال طويلة بعد
system-no-tasks-text = يظهر هنا الاستيراد والملفات والإجراءات الجماعية.
system-col-work = العمل
system-col-progress = التقدم
system-col-actions = الإجراءات
system-download-of = تنزيل { $title }
system-schedules-subtitle = أعمال تتكرر حسب الساعة.
system-schedule-changed = حُفظت الجدولة.
system-schedule-run = يعمل الآن.
system-schedule-on = مفعّلة
system-schedule-theirs = حفظ شخص آخر في الأثناء: { $cron }، { $zone }، { $state }. احفظ مجددًا للاستبدال.
system-on = مفعّلة
system-off = معطّلة
system-last-run = الأخيرة
system-next-run = القادمة
system-cron = المواعيد
system-cron-hint = الدقيقة، الساعة، يوم الشهر، الشهر، يوم الأسبوع: 30 2 * * *
system-zone = حسب توقيت
system-zone-hint = مثلًا Africa/Algiers
system-hours = الساعات
system-hours-business = ساعات العمل فقط
system-run = تشغيل الآن
system-run-of = تشغيل الآن: { $name }
system-save = حفظ
system-every-minute = كل دقيقة
system-every-minutes = كل { $n } دقيقة
system-every-hour = كل ساعة
system-every-day = كل يوم في { $time }
system-backups-subtitle = نسخ موثّقة من قاعدة البيانات وملفاتها، كل ليلة وعند الطلب.
system-backups-postgres = تُنسخ PostgreSQL احتياطيًا بأدواتها على الخادم.
system-backup-now = نسخ احتياطي الآن
system-backup-begun = بدأ النسخ الاحتياطي.
system-backup-running = تُنشأ النسخة وتُقرأ كاملة وتُعدّ. يمكنك مغادرة هذه الصفحة.
system-backup-failed = فشل آخر نسخ احتياطي: { $why }
system-backup-last = الأخيرة
system-backup-next = القادمة
system-backup-size = الحجم
system-backup-verified = موثّقة
system-backup-made = أُنشئت
system-backup-holds = المحتوى
system-backup-replaced = نُحّيت عند استعادة
system-backup-before-migration = قبل ترقية، الملفات مذكورة فقط
system-backup-migration = الترحيل
system-backup-files-fact = الملفات
system-backup-sha256 = SHA-256
system-backup-about = عن هذه النسخة
system-backup-tables = الأسطر في كل جدول
system-backup-report = وُثّقت عند إنشائها: النسخة تُفتح، وبنيتها وروابطها سليمة، وعُدّ { $rows } سطرًا في { $tables } جدولًا.
system-backup-download = تنزيل النسخة
system-backup-manifest = البيان
system-backup-download-hint = تحتوي على كل شيء عن الجميع: احفظها حيث لا يقرؤها غيرك. يُكتب كل تنزيل في سجل التدقيق. الصور والملفات بجانبها في backups/files والمفاتيح في keys: انسخ كليهما على الخادم.
system-no-backups-title = لا نسخة احتياطية بعد
system-no-backups-text = تُنشأ الأولى ليلًا، أو الآن.
system-restore-title = استعادة نسخة احتياطية
system-restore-text = الاستعادة أمر على الخادم وقافلة متوقفة. تُنحّى القاعدة الحالية ولا تُحذف أبدًا. ضع اسم النسخة مكان NAME.
system-postgres-title = النسخ والاستعادة
system-postgres-text = شغّل هذه الأوامر على الخادم بمؤقت خاص بك، واحفظ الناتج على جهاز آخر.
system-command-stop = إيقاف قافلة
system-command-restore = وضع النسخة مكان القاعدة
system-command-start = تشغيل قافلة من جديد
system-command-dump = نسخ القاعدة
system-command-files = نسخ الملفات والمفاتيح
system-command-pg-restore = استعادتها وقافلة متوقفة
system-copy = نسخ الأمر

light-green = جيد
light-amber = للمراجعة
light-red = للتدخل
light-unknown = غير معروف

health-database = قاعدة البيانات
health-database-ok = تجيب، وينتظر { $queued } نداء.
health-database-busy = ينتظرها { $queued } نداء.
health-database-busy-do = ابحث عن استيراد أو إجراء جماعي، وإن استمر فاستعمل قرصًا أسرع.
health-disk = القرص
health-disk-ok = { $size } متاحة.
health-disk-little = { $size } فقط متاحة.
health-disk-full = { $size } متاحة: سيتوقف العمل قريبًا.
health-disk-do = وفّر مساحة: انقل نسخًا قديمة إلى جهاز آخر أو وسّع القرص.
health-disk-unknown = لا يقول النظام كم المساحة المتاحة.
health-backup = النسخ الاحتياطي
health-backup-ok = آخر نسخة: { $made }، موثّقة. القادمة: { $next }.
health-backup-first = لا نسخة بعد، والأولى في { $next }.
health-backup-first-do = أنشئ واحدة الآن إن لم ترد الانتظار.
health-backup-none = لا توجد أي نسخة.
health-backup-late = آخر نسخة: { $made }.
health-backup-do = أنشئ واحدة الآن، وانظر في الأعمال الفاشلة لمَ لم تُنشأ ليلًا.
health-backup-off = آخر نسخة: { $made }، لكن الجدولة الليلية معطّلة.
health-backup-off-do = فعّل الجدولة.
health-backup-postgres = تُنسخ PostgreSQL خارج قافلة، فعمر النسخة غير معروف هنا.
health-backup-postgres-do = تأكد أن pg_dump يعمل كل ليلة، وجرّب استعادة.
health-queue = قائمة الانتظار
health-queue-ok = { $due } عمل مستحق، { $running } جارٍ.
health-queue-late = { $due } عمل مستحق، أقدمها منذ { $span }.
health-queue-late-do = قد يؤخرها استيراد طويل، وستنقص وحدها.
health-queue-stuck-do = تحقق أن عاملًا يعمل: kafila serve دون worker = false أو kafila work، ثم اقرأ السجل التقني.
health-failed = أعمال فاشلة
health-failed-ok = لا شيء.
health-failed-do = اقرأ السبب وأصلحه ثم أعد المحاولة.
health-schedules = الجدولة
health-schedules-ok = كلها في موعدها.
health-schedules-overdue = إحداها متأخرة { $span }.
health-mail = البريد
health-mail-ok = يخرج البريد عبر الخادم المضبوط.
health-mail-folder = لا خادم بريد مضبوط، وتُكتب الرسائل في مجلد mail بدليل البيانات.
health-mail-folder-do = اضبط mail.host وما يتبعه ثم أعد التشغيل.
health-mail-failing-do = انظر السبب في الأعمال الفاشلة، وغالبًا كلمة السر أو المنفذ خطأ.
health-audit = سجل التدقيق
health-audit-ok = مختوم، ما عدا الدقائق الأخيرة.
health-audit-late-do = تحقق في الجدولة أن الختم مفعّل.
health-files = الملفات
health-files-disk = في دليل البيانات وتدخل كل نسخة احتياطية.
health-files-bucket = في مخزن متوافق مع S3، ولا تنسخها النسخ الاحتياطية، فاحفظ إصدارات هناك.

log-subtitle = ما كتبه الخادم، الأحدث أولًا. البيانات الشخصية والأسرار مخفية.
log-search = تصفية السجل التقني
log-any = كل المستويات
log-level = المستوى
log-error = خطأ
log-warn = تحذير
log-info = معلومة
log-debug = تنقيح
log-text = كلمات
log-request = معرّف الطلب التقني
log-follow = متابعة
log-unfollow = متابعة جارية
log-at = في
log-target = الجزء
log-copy = نسخ السطر
log-older = أسطر أقدم
log-clear = مسح التصفية
log-none-title = لا سطر مطابق
log-none-text = أزل مرشحًا أو ارجع أبعد.
log-empty-title = السجل التقني فارغ
log-empty-text = الملفات معطّلة (log.keep_files = 0) أو تُكتب في مكان آخر.

size-bytes = { $n } بايت
size-kb = { $n } ك.ب
size-mb = { $n } م.ب
size-gb = { $n } غ.ب
span-seconds = { $n } ث
span-minutes = { $n } د
span-hours = { $n } سا

system-look-at = { $count ->
    [zero] لا شيء يحتاج نظرة.
    [one] أمر واحد يحتاج نظرة.
    [two] أمران يحتاجان نظرة.
    [few] { $n } أمور تحتاج نظرة.
    [many] { $n } أمرًا يحتاج نظرة.
    *[other] { $n } أمر يحتاج نظرة.
}
system-jobs-count = { $count ->
    [zero] لا أعمال
    [one] عمل واحد
    [two] عملان
    [few] { $n } أعمال
    [many] { $n } عملًا
    *[other] { $n } عمل
}
system-tasks-count = { $count ->
    [zero] لا مهام
    [one] مهمة واحدة
    [two] مهمتان
    [few] { $n } مهام
    [many] { $n } مهمة
    *[other] { $n } مهمة
}
system-task-errors = { $count ->
    [zero] لا رفض
    [one] مرفوض واحد
    [two] مرفوضان
    [few] { $n } مرفوضة
    [many] { $n } مرفوضًا
    *[other] { $n } مرفوض
}
system-backup-rows = { $count ->
    [zero] لا أسطر
    [one] سطر واحد
    [two] سطران
    [few] { $n } أسطر
    [many] { $n } سطرًا
    *[other] { $n } سطر
}
system-backup-files = { $count ->
    [zero] لا ملفات
    [one] ملف واحد
    [two] ملفان
    [few] { $n } ملفات
    [many] { $n } ملفًا
    *[other] { $n } ملف
}
health-failed-some = { $count ->
    [zero] لم يفشل شيء.
    [one] فشل عمل واحد نهائيًا.
    [two] فشل عملان نهائيًا.
    [few] فشلت { $n } أعمال نهائيًا.
    [many] فشل { $n } عملًا نهائيًا.
    *[other] فشل { $n } عمل نهائيًا.
}
health-mail-failing = { $count ->
    [zero] لا رسالة متعذرة.
    [one] تعذّر إرسال رسالة واحدة.
    [two] تعذّر إرسال رسالتين.
    [few] تعذّر إرسال { $n } رسائل.
    [many] تعذّر إرسال { $n } رسالة.
    *[other] تعذّر إرسال { $n } رسالة.
}
health-audit-late = { $count ->
    [zero] لا حدث ينتظر الختم.
    [one] حدث واحد ينتظر الختم.
    [two] حدثان ينتظران الختم.
    [few] { $n } أحداث تنتظر الختم.
    [many] { $n } حدثًا ينتظر الختم.
    *[other] { $n } حدث ينتظر الختم.
}
span-days = { $count ->
    [zero] أقل من يوم
    [one] يوم واحد
    [two] يومان
    [few] { $n } أيام
    [many] { $n } يومًا
    *[other] { $n } يوم
}

# Caches

cache-title = الذاكرات المؤقتة لهذه العملية
cache-about = ما تتذكره حتى لا تسأل من جديد. إفراغ إحداها يبطئ القراءات التالية ولا يغيّر شيئا آخر.
cache-since = العد منذ { $at }.
cache-callers = من سجّل الدخول
cache-callers-text = الجلسات والرموز والمفاتيح مع صلاحياتها، لخمس ثوان.
cache-settings = الإعدادات
cache-settings-text = إعدادات كل منظمة وقواعدها، لخمس ثوان.
cache-search-windows = نوافذ البحث
cache-search-windows-text = أين تنتهي أحدث الطلبات التي يمر عليها البحث أولا، لعشر دقائق.
cache-of = { $n } من { $most }
cache-entries = العناصر
cache-hits = معروفة
cache-misses = مطلوبة
cache-share = نسبة المعروفة
cache-clear = إفراغ
cache-clear-one = إفراغ: { $title }
cache-cleared = أُفرغت الذاكرة المؤقتة

# What can be tuned

param-title = ما يمكن ضبطه
param-about = كما هو معمول به. يُغيَّر في kafila.toml أو بالمتغير ثم بإعادة التشغيل.
param-value = المعمول به
param-default = الافتراضي
param-readers = قراءات SQLite المتزامنة؛ بعدد أنوية الجهاز تقريبا.
param-cache = كيلوبايتات ملف SQLite التي يحفظها كل قارئ في الذاكرة.
param-connections = اتصالات هذه العملية بـ PostgreSQL.
param-timeout = المدة القصوى للطلب بالميلي ثانية؛ باستثناء الرفع والتصدير.
param-body = حجم أكبر طلب JSON بالبايت.
param-upload = حجم أكبر ملف يمكن رفعه بالبايت.
param-attachment = حجم أكبر صورة أو ملف على طلب أو زبون بالبايت.
param-sign-in-address = محاولات الدخول من عنوان واحد في الدقيقة.
param-sign-in-account = محاولات الدخول إلى حساب واحد في الدقيقة.
param-public = النداءات بلا جلسة من عنوان واحد في الدقيقة.
param-api = نداءات مستخدم واحد أو مفتاح واحد في الدقيقة.
param-lookup-address = عمليات البحث عن الطلبات من عنوان واحد في الدقيقة.
param-lookup-number = عمليات البحث عن رقم واحد في الساعة.
param-log-files = ملفات السجل اليومية المحفوظة.
param-backups = النسخ الاحتياطية المحفوظة.

# What failed lately

fail-title = ما فشل مؤخرا
fail-about = أخطاء الطلبات والأعمال في آخر سبعة أيام حسب النوع.
fail-about-more = أخطاء الطلبات والأعمال في آخر سبعة أيام حسب النوع؛ تُعد آخر 500 منها.
fail-count = المرات
fail-last = الأخيرة
fail-first = الأولى
fail-request = أسطر الطلب { $id }
