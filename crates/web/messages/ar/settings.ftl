# Settings: the frame, forms, every section, reasons, tags, fields, numbers.

set-title = الإعدادات
set-subtitle = يُحفظ كل قسم وحده، وكل إعداد يبيّن أثره.
set-window = { $title } · { $section } · قافلة
set-search = بحث في الإعدادات
set-find = بحث
set-no-match = لا شيء يطابق «{ $q }»
set-no-match-text = جرّب كلمة أخرى.
set-save = حفظ
set-add = إضافة
set-cancel = رجوع
set-copy = نسخ
set-actions = إجراءات
set-yes = نعم
set-no = لا
set-nothing = لا شيء
set-optional = اختياري
set-usual = الافتراضي: { $value }.
set-theirs = غيّره شخص آخر إلى: { $value }
set-stale = حفظ شخص آخر هذا في هذه الأثناء. يظهر الجانبان أدناه، والحفظ يبقي ما كتبته.
set-changed = آخر تغيير: { $when }
set-changed-by = غيّره { $name }: { $when }
set-position = الموضع في القائمة
set-position-hint = الرقم الأصغر أولاً، والفراغ يعني الأخير.
set-labels = الأسماء
set-labels-text = ما يقرؤه كل شخص بلغته. إن غاب الاسم بلغة ظهر بأقرب لغة يفهمها قارئها.
set-label-en = الإنجليزية
set-label-fr = الفرنسية
set-label-ar = العربية
set-label-dz = الدارجة الجزائرية
set-tone = اللون
set-tone-neutral = رمادي
set-tone-info = أزرق
set-tone-ok = أخضر
set-tone-warn = كهرماني
set-tone-bad = أحمر
set-tone-violet = بنفسجي
set-tone-primary = أخضر قافلة

set-done-saved = تم الحفظ
set-done-made = تمت الإضافة
set-done-archived = تمت الأرشفة
set-done-reopened = أعيد الفتح
set-done-removed = تم الحذف
set-done-ended = تم الإنهاء
set-done-drafted = في المسودة، ولم يسر شيء بعد
set-done-discarded = حُذفت المسودة
set-done-activated = القواعد الجديدة سارية
set-done-let-go = تم الإيقاف
set-done-factor = أُوقف العامل الثاني

set-unit-seconds = { $count ->
    [zero] 0 ثانية
    [one] ثانية واحدة
    [two] ثانيتان
    [few] { $n } ثوانٍ
    [many] { $n } ثانية
    *[other] { $n } ثانية
}
set-unit-minutes = { $count ->
    [zero] 0 دقيقة
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $n } دقائق
    [many] { $n } دقيقة
    *[other] { $n } دقيقة
}
set-unit-hours = { $count ->
    [zero] 0 ساعة
    [one] ساعة واحدة
    [two] ساعتان
    [few] { $n } ساعات
    [many] { $n } ساعة
    *[other] { $n } ساعة
}
set-unit-days = { $count ->
    [zero] 0 يوم
    [one] يوم واحد
    [two] يومان
    [few] { $n } أيام
    [many] { $n } يوماً
    *[other] { $n } يوم
}
set-unit-months = { $count ->
    [zero] 0 شهر
    [one] شهر واحد
    [two] شهران
    [few] { $n } أشهر
    [many] { $n } شهراً
    *[other] { $n } شهر
}
set-unit-lines = { $count ->
    [zero] 0 سطر
    [one] سطر واحد
    [two] سطران
    [few] { $n } أسطر
    [many] { $n } سطراً
    *[other] { $n } سطر
}
set-unit-attempts = { $count ->
    [zero] 0 محاولة
    [one] محاولة واحدة
    [two] محاولتان
    [few] { $n } محاولات
    [many] { $n } محاولة
    *[other] { $n } محاولة
}
set-unit-levels = { $count ->
    [zero] 0 مستوى
    [one] مستوى واحد
    [two] مستويان
    [few] { $n } مستويات
    [many] { $n } مستوى
    *[other] { $n } مستوى
}
set-unit-score = { $count ->
    [zero] 0 من 4
    [one] 1 من 4
    [two] 2 من 4
    [few] { $n } من 4
    [many] { $n } من 4
    *[other] { $n } من 4
}

set-general = المؤسسة
set-general-about = الاسم واللغة.
set-general-name = اسم المؤسسة
set-general-name-hint = يظهر في الصفحات والرسائل والوثائق.
set-general-default-locale = لغة الأشخاص الجدد
set-general-default-locale-hint = وكذلك لغة النصوص غير الموجهة إلى شخص بعينه. لكل شخص أن يختار غيرها.
set-orders = الطلبات
set-orders-about = التراجع والمسودات والحدود والأرقام.
set-orders-undo-seconds = مهلة التراجع
set-orders-undo-seconds-hint = بالثواني. يمكن التراجع عن الخطوة خلال هذه المدة، وتنتظر الرسائل ونظام الإدارة مثلها. من 0 إلى 300.
set-orders-bulk-undo-minutes = مهلة التراجع عن عمل جماعي
set-orders-bulk-undo-minutes-hint = بالدقائق. وينتظر ما يخرج إلى الخارج مثلها. من 0 إلى 1440.
set-orders-draft-days = مدة حفظ المسودات
set-orders-draft-days-hint = بالأيام بعد آخر تغيير، ثم تُحذف المسودة. من 1 إلى 365.
set-orders-max-lines = أقصى عدد أسطر في الطلب
set-orders-max-lines-hint = يُرفض الطلب الأطول. من 1 إلى 5000.
set-orders-number-prefix = بادئة أرقام الطلبات
set-orders-number-prefix-hint = K- تعطي K-1041. للطلبات الجديدة فقط. ثمانية حروف أو أرقام أو شرطات على الأكثر.
set-statuses-about = الحالات الفرعية والانتقالات ومن يُبلَّغ.
set-cancellation-reasons = أسباب الإلغاء
set-cancellation-reasons-about = ما يختاره الموظفون عند إلغاء طلب.
set-hold-kinds = أسباب التعليق
set-hold-kinds-about = ما يختاره الموظفون عند تعليق طلب.
set-escalation-reasons = أسباب التصعيد
set-escalation-reasons-about = ما يختاره الموظفون عند تصعيد مشكلة.
set-escalation = مسار التصعيد
set-escalation-about = من تصله المشكلة ومهلة كل مستوى.
set-escalation-agent-hours = ساعات الموظف
set-escalation-agent-hours-hint = ساعات العمل التي تنتظرها المشكلة المجاب عنها عند موظفها. من 1 إلى 1000.
set-escalation-levels = المستويات
set-escalation-levels-hint = من الأدنى إلى الأعلى. ترتفع المشكلة مستوى عند انقضاء ساعات عملها.
set-escalation-mail = بريد إلى أشخاص المستوى
set-escalation-mail-hint = يصلهم الخبر حال وصول المشكلة إليهم.
set-level-role = المستوى { $n }: الدور
set-level-hours = المستوى { $n }: ساعات العمل
set-level-none = لا مستوى
set-tags = الوسوم
set-tags-about = كلمات قصيرة توسم بها الطلبات والزبائن.
set-fields = الحقول الخاصة
set-fields-about = ما يحفظه فريقك عن الطلبات والزبائن زيادة على المعتاد.
set-fields-new-tags = لكل شخص أن ينشئ وسماً
set-fields-new-tags-hint = وإلا لزمت صلاحية إدارة الوسوم.
set-fields-keep-unknown = حفظ قيم الحقول المجهولة
set-fields-keep-unknown-hint = الآتية من الملفات والبرامج، وإلا رُفضت.
set-numbers = أرقام الفواتير
set-numbers-about = أرقام متتابعة بلا ثغرات للفواتير والإشعارات الدائنة، لكل متجر.
set-notifications = الرسائل
set-notifications-about = ما يُرسل إلى الزبائن ومن المرسل.
set-notifications-email = بريد إلى الزبائن
set-notifications-email-hint = عند إيقافه لا يصل بريد إلى أحد خارج الفريق. يُضبط الإرسال على الخادم.
set-notifications-sender-name = اسم المرسل
set-notifications-sender-name-hint = الفراغ يعني اسم المؤسسة.
set-tracking = صفحات الزبائن
set-tracking-about = البحث والتتبع، جهات الاتصال واللون.
set-tracking-is-on = يستطيع الزبائن متابعة طلباتهم
set-tracking-is-on-hint = بالرقم وبالرابط وبالرمز. عند الإيقاف تظهر هذه الصفحات مغلقة.
set-tracking-link-days = مدة صلاحية رابط الطلب
set-tracking-link-days-hint = بالأيام. من 1 إلى 730.
set-tracking-phone = هاتف الزبائن
set-tracking-phone-hint = مع رمز البلد: +213 550 14 23 87. الفراغ لا يظهر شيئاً.
set-tracking-whatsapp = واتساب للزبائن
set-tracking-whatsapp-hint = بالصيغة نفسها. الفراغ لا يظهر شيئاً.
set-tracking-accent = لون العناوين والأزرار
set-tracking-accent-hint = مثل #0b6b5d، ويجب أن يُقرأ الأبيض عليه. الفراغ يأخذ لون المتجر.
set-tracking-stores = مختلف لبعض المتاجر
set-tracking-stores-hint = ما تُرك فارغاً فهو كما سبق.
set-front-phone = { $store }: الهاتف
set-front-whatsapp = { $store }: واتساب
set-front-accent = { $store }: اللون
set-tracking-change = تعديل الزبائن طلبهم بأنفسهم
set-tracking-change-hint = المنتجات والعنوان والاسم والرقم واليوم، من صفحة الطلب وبآخر أرقام الهاتف. وإلا فإنهم يطلبون والفريق يقرر.
set-tracking-cancel = إلغاء الزبائن طلبهم بأنفسهم
set-tracking-cancel-hint = من صفحة الطلب وبآخر أرقام الهاتف. وإلا فإنهم يطلبون والفريق يقرر.
set-until-never = أبدا
set-until-confirmed = حتى التأكيد
set-until-prepared = حتى التحضير
set-logo = الشعار
set-logo-about = ما يراه الزبائن في رأس صفحاتهم وعروض الأسعار.
logo-all = كل المتاجر
logo-none = لا شعار: تُظهر الصفحات الحرف الأول من الاسم.
logo-none-own = لا شعار خاص: يظهر شعار كل المتاجر.
logo-alt = شعار { $name }
logo-facts = { $width } × { $height } بكسل، { $size } كيلوبايت
logo-file = صورة
logo-file-hint = PNG أو JPEG أو WebP، بحجم 2 ميغابايت على الأكثر. تُصغَّر لتناسب الاتصال البطيء: 400 × 96 بكسل على الأكثر.
logo-set = استعمال هذه الصورة
logo-remove = إزالة
set-unit-stores = { $count ->
    [zero] لا متاجر
    [one] متجر واحد
    [two] متجران
    [few] { $n } متاجر
    [many] { $n } متجراً
    *[other] { $n } متجر
}
set-erp = نظام الإدارة والإشعارات
set-erp-about = إلى أين تُبلَّغ تحركات الطلبات.
set-erp-url = العنوان
set-erp-url-hint = مثل https://erp.example/hooks. الفراغ يعني عدم الإبلاغ.
set-erp-secret-name = اسم السر
set-erp-secret-name-hint = السر بهذا الاسم يوقّع ما يُبلَّغ.
set-erp-secret = سر التوقيع
set-erp-secret-hint = بترميز Base64، مع whsec_ أو دونها. يُحفظ مشفراً ولا يظهر ثانية.
set-erp-secret-save = حفظ السر
set-access = الدخول
set-access-about = الجلسات وكلمات السر والإقفال والروابط.
set-access-session-idle-days = الخروج بعد الخمول
set-access-session-idle-days-hint = بالأيام من دون نشاط. من 1 إلى 90.
set-access-trusted-days = الأجهزة الموثوقة تبقى داخلة
set-access-trusted-days-hint = بالأيام. من 1 إلى 365.
set-access-token-hours = مدة رموز الواجهة
set-access-token-hours-hint = بالساعات. من 1 إلى 24.
set-access-password-min-score = أدنى قوة لكلمة السر
set-access-password-min-score-hint = 0 يقبل أي شيء، و4 لا يقبل إلا ما يصعب تخمينه جداً. يسري على الكلمات الجديدة.
set-access-lockout-attempts = محاولات خاطئة قبل الإقفال
set-access-lockout-attempts-hint = متتالية. من 3 إلى 100.
set-access-lockout-minutes = أطول إقفال
set-access-lockout-minutes-hint = بالدقائق. من 1 إلى 1440.
set-access-invite-hours = مدة الدعوات
set-access-invite-hours-hint = بالساعات. من 1 إلى 720.
set-access-reset-minutes = مدة روابط كلمة السر
set-access-reset-minutes-hint = بالدقائق. من 5 إلى 1440.
set-privacy = الخصوصية
set-privacy-about = عناوين الاتصال والمحو والنسيان.
set-privacy-keep-ip = حفظ عنوان الدخول
set-privacy-keep-ip-hint = يظهر مع الجلسات ويساعد على كشف الغرباء.
set-privacy-erase-wait-hours = الانتظار قبل محو شخص
set-privacy-erase-wait-hours-hint = بالساعات، ويمكن إلغاؤه خلالها. من 0 إلى 720.
set-privacy-forget-after-months = نسيان الزبائن بعد
set-privacy-forget-after-months-hint = بالأشهر من دون طلب أو تغيير، و0 يعني أبداً. من 0 إلى 240.
set-retention = مدة الحفظ
set-retention-about = كم تُحفظ الأعمال والرسائل.
set-retention-job-log-days = الأعمال المنتهية
set-retention-job-log-days-hint = بالأيام. من 1 إلى 3650.
set-retention-messages-days = الرسائل إلى الزبائن
set-retention-messages-days-hint = بالأيام. من 1 إلى 3650. يبقى سجل الطلبات.

reasons-new = سبب جديد
reasons-own = خاص بكم
reasons-code = الرمز
reasons-code-hint = حروف لاتينية صغيرة وأرقام وشرطات سفلية. تسميه البرامج هكذا ولا يتغير.
reasons-needs-note = يحتاج ملاحظة
reasons-needs-note-hint = على من يختاره أن يوضح أكثر.
reasons-against = يُحسب على الزبون
reasons-against-hint = في سجل توصيل الزبون.
reasons-archived = غير معروض
reasons-archived-hint = يخرج من القائمة ويبقى في السجلات والأرقام.

tags-new = وسم جديد
tags-name = الاسم
tags-name-hint = تأخذ الطلبات والزبائن الاسم الجديد، ويظل القديم يدل على هذا الوسم.
tags-search = بحث في الوسوم
tags-orders = الطلبات
tags-customers = الزبائن
tags-none = لا وسوم بعد
tags-none-text = توسم بها الطلبات والزبائن: هدية، قابل للكسر، مميز.
tags-count = { $count ->
    [zero] لا وسوم
    [one] وسم واحد
    [two] وسمان
    [few] { $n } وسوم
    [many] { $n } وسماً
    *[other] { $n } وسم
}
tags-on-orders = { $count ->
    [zero] ليس على أي طلب
    [one] على طلب واحد
    [two] على طلبين
    [few] على { $n } طلبات
    [many] على { $n } طلباً
    *[other] على { $n } طلب
}
tags-archived = غير معروض
tags-archived-hint = لا يمكن إضافته بعد الآن، ويبقى حيث هو.
tags-merge = دمج
tags-merge-text = تأخذ الطلبات والزبائن الوسم الآخر. لا يمكن التراجع عن ذلك.
tags-merge-into = في
tags-merge-choose = اختيار وسم

fields-new = حقل جديد
fields-new-text = موضوعه ومفتاحه ونوعه لا تتغير.
fields-none = لا حقول بعد.
fields-subject = حول
fields-of-orders = الطلبات
fields-of-customers = الزبائن
fields-key = المفتاح
fields-key-hint = حروف لاتينية صغيرة وأرقام وشرطات سفلية: size.
fields-kind = النوع
fields-kind-hint = ما يحتويه.
fields-kind-text = نص
fields-kind-number = رقم
fields-kind-money = مبلغ
fields-kind-date = يوم
fields-kind-boolean = نعم أو لا
fields-kind-choice = واحد من قائمة
fields-kind-multi-choice = عدة من قائمة
fields-kind-url = عنوان ويب
fields-kind-phone = هاتف
fields-choices = الاختيارات
fields-choices-hint = للقوائم فقط، واحد في كل سطر: xl: Extra large | Très grand | كبير جداً. الأسماء بالإنجليزية والفرنسية والعربية.
fields-required = إلزامي
fields-required-no = أبداً
fields-required-placing = عند الإدخال
fields-required-confirming = قبل التأكيد
fields-filterable = تصفية القوائم به
fields-filterable-hint = تُفهرس القيم السابقة في الخلفية.
fields-searchable = يشمله البحث
fields-listed = يظهر في القوائم
fields-filling = الفهرسة جارية
fields-filling-text = يُكتب فهرس هذا الحقل. تعمل التصفية عند انتهائه.
fields-archived = غير مستعمل
fields-archived-hint = تبقى القيم ولا يراجعها أحد.

numbers-text = يُمنح كل رقم مرة واحدة بلا ثغرات. يتكون النمط من الكلمات store وyear وyy وseq بين حاضنتين، وseq:5 يعدّ بخمسة أرقام.
numbers-invoice = الفواتير
numbers-credit-note = الإشعارات الدائنة
numbers-next = التالي:
numbers-pattern = النمط
numbers-pattern-hint = يسري على الوثيقة التالية.
numbers-first = يبدأ من
numbers-first-hint = ما لم يُمنح رقم بعد.
