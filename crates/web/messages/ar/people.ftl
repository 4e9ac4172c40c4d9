# People, roles, sessions, keys.

people-title = الأشخاص
people-tabs = الأشخاص والصلاحيات
people-subtitle = { $count ->
    [zero] لا أحد نشط
    [one] شخص واحد نشط
    [two] شخصان نشطان
    [few] { $n } أشخاص نشطون
    [many] { $n } شخصاً نشطاً
    *[other] { $n } شخص نشط
}
people-everybody = الكل
people-active = نشط
people-invited = مدعو
people-archived = موقوف
people-search = الاسم أو البريد أو الدور
people-state = الحالة
people-name = الاسم
people-role = الدور
people-stores = المتاجر
people-all-stores = كل المتاجر
people-factor = العامل الثاني
people-factor-on = مفعّل
people-factor-off = غير مفعّل
people-seen = آخر دخول
people-never = أبداً
people-since = منذ
people-you = أنت
people-none = لا أحد هنا
people-none-text = يظهر هنا من هم في هذه الحالة.
people-no-match = لا أحد يطابق «{ $q }»
people-no-match-text = جرّب جزءاً من الاسم أو البريد أو الدور.
people-invite = دعوة شخص
people-invite-text = يصله رابط، فيختار كلمة سر ويدخل.
people-invite-button = إنشاء الدعوة
people-invite-again = رابط جديد
people-invite-another = دعوة شخص آخر
people-back = رجوع إلى الأشخاص
people-email-hint = يدخل به إلى حسابه.
people-role-hint = الأدوار التي تملك صلاحياتها فقط.
people-stores-hint = لا أثر لها إن كان الدور يرى كل المتاجر.
people-language-usual = مثل المؤسسة
people-invited-title = دعوة { $name }
people-invited-text = أُنشئت الدعوة، وترسل بالبريد إن كان إعداده جاهزاً.
people-link-text = يظهر الرابط مرة واحدة. من يملكه يستطيع الانضمام، فأرسله إلى هذا الشخص وحده.
people-link = رابط الانضمام
people-link-until = يُستعمل مرة واحدة، حتى
people-by-whatsapp = إرسال عبر واتساب
people-by-mail = إرسال بالبريد
people-invite-subject = دخولك إلى { $organization }
people-invite-message = مرحباً { $name }، هذا دخولك إلى { $organization }. افتح الرابط واختر كلمة سر: { $link }
people-facts = معلومات
people-open-orders = { $count ->
    [zero] لا طلبات مفتوحة
    [one] طلب واحد مفتوح
    [two] طلبان مفتوحان
    [few] { $n } طلبات مفتوحة
    [many] { $n } طلباً مفتوحاً
    *[other] { $n } طلب مفتوح
}
people-let-go = إيقاف
people-let-go-title = إيقاف حساب { $name }؟
people-let-go-text = تنتهي جلساته ومفاتيحه وروابطه فوراً. يبقى سجله، ويمكنك دعوته من جديد.
people-let-go-orders = { $count ->
    [zero] تنتهي جلساته ومفاتيحه وروابطه فوراً، ويبقى سجله.
    [one] تنتهي جلساته ومفاتيحه وروابطه فوراً. يبقى طلب واحد مفتوح باسمه حتى يُسند إلى غيره، ويبقى سجله.
    [two] تنتهي جلساته ومفاتيحه وروابطه فوراً. يبقى طلبان مفتوحان باسمه حتى يُسندا إلى غيره، ويبقى سجله.
    [few] تنتهي جلساته ومفاتيحه وروابطه فوراً. تبقى { $n } طلبات مفتوحة باسمه حتى تُسند إلى غيره، ويبقى سجله.
    [many] تنتهي جلساته ومفاتيحه وروابطه فوراً. يبقى { $n } طلباً مفتوحاً باسمه حتى يُسند إلى غيره، ويبقى سجله.
    *[other] تنتهي جلساته ومفاتيحه وروابطه فوراً. يبقى { $n } طلب مفتوح باسمه حتى يُسند إلى غيره، ويبقى سجله.
}
people-is-archived = لم يعد بإمكان هذا الشخص الدخول. دعوته من جديد تعطيه رابطاً جديداً بالدور والمتاجر نفسها.
people-reopen = دعوة من جديد
people-reset-factor = إيقاف العامل الثاني
people-reset-factor-title = إيقاف العامل الثاني لحساب { $name }؟
people-reset-factor-text = لمن فقد هاتفه. تكفيه كلمة السر حتى يعيد إعداده.

roles-title = الأدوار
roles-subtitle = من يستطيع فعل ماذا. يسري التغيير فوراً على كل من له الدور.
roles-new = دور جديد
roles-new-text = ابدأ من دور قريب ثم أضف واحذف.
roles-make = إنشاء الدور
roles-copy = دور جديد من هذا
roles-own = خاص بكم
roles-people = { $count ->
    [zero] لا أحد
    [one] شخص واحد
    [two] شخصان
    [few] { $n } أشخاص
    [many] { $n } شخصاً
    *[other] { $n } شخص
}
roles-rights = { $n } من { $all } صلاحية
roles-same = مثل { $base } في البداية
roles-differs = مقارنة بـ { $base }: { $more } زيادة و{ $less } نقصاناً
roles-matrix = المجالات والأدوار
roles-area = المجال
roles-share-all = الكل
roles-share-none = لا شيء
roles-share-part = البعض
roles-share-some = { $n }/{ $all }
roles-compare = مقارنة مع
roles-compare-button = عرض
roles-more = زيادة
roles-less = نقصان
roles-name = اسم الدور
roles-who = من له هذا الدور
roles-remove = حذف الدور
roles-remove-title = حذف { $name }؟
roles-remove-text = لا أحد له هذا الدور. لا يمكن استرجاعه، لكن يمكن إنشاؤه من جديد.
roles-admin-fixed = للمدير العام كل الصلاحيات ولا تتغير.
roles-above-you = لهذا الدور صلاحيات أكثر منك، فيمكنك الاطلاع عليه فقط.
roles-stale = تغيّر هذا الدور في هذه الأثناء. اسمه الآن { $name }. هناك فقط: { $theirs }. هنا فقط: { $yours }. الحفظ يبقي ما هو محدد.

sessions-title = الجلسات
sessions-subtitle = { $count ->
    [zero] لا جلسات مفتوحة
    [one] جلسة واحدة مفتوحة
    [two] جلستان مفتوحتان
    [few] { $n } جلسات مفتوحة
    [many] { $n } جلسة مفتوحة
    *[other] { $n } جلسة مفتوحة
}
sessions-device = الجهاز
sessions-browser = متصفح
sessions-token = رمز واجهة البرمجة
sessions-address = العنوان
sessions-seen = آخر نشاط
sessions-until = تنتهي
sessions-trusted = موثوق
sessions-this = هذه الجلسة
sessions-end = إنهاء
sessions-end-all = إنهاء الكل
sessions-end-all-title = إنهاء كل جلسات { $name }؟
sessions-end-all-text = يخرج من كل الأجهزة ويدخل من جديد بكلمة السر.

keysof-title = مفاتيح الواجهة
keysof-subtitle = ما تدخل به البرامج. لا يفعل المفتاح أكثر مما يُسمح لصاحبه.
keysof-new = مفتاح جديد
keysof-new-text = أعط البرنامج ما يحتاجه فقط، وحدد له نهاية.
keysof-make = إنشاء المفتاح
keysof-docs = وثائق الواجهة
keysof-name = الاسم
keysof-name-hint = لأي غرض: «المتجر الإلكتروني».
keysof-owner = يعود إلى
keysof-owner-hint = مفتاحك يتبع دورك وينتهي معك، أما مفتاح الدور فيبقى.
keysof-mine = أنا
keysof-of-role = دور { $role }
keysof-may = يستطيع
keysof-all-rights = كل ما يُسمح لصاحبه
keysof-some-rights = { $count ->
    [zero] لا صلاحيات
    [one] صلاحية واحدة
    [two] صلاحيتان
    [few] { $n } صلاحيات
    [many] { $n } صلاحية
    *[other] { $n } صلاحية
}
keysof-rights = ما يستطيع فعله
keysof-rights-hint = عدم تحديد شيء يعني كل ما يُسمح لصاحبه.
keysof-stores-hint = عدم تحديد شيء يعني كل المتاجر التي يراها صاحبه.
keysof-ends = ينتهي
keysof-ends-hint = آخر يوم يعمل فيه. من دونه يعمل حتى ينهيه أحد.
keysof-no-end = بلا نهاية
keysof-over = منتهٍ
keysof-used = آخر استعمال
keysof-unused = ليس بعد
keysof-none = لا مفاتيح بعد
keysof-none-text = يتيح المفتاح لمتجر إلكتروني أو جدول أو برنامج العمل على الطلبات عبر الواجهة.
keysof-revoke = إنهاء المفتاح
keysof-revoke-title = إنهاء المفتاح { $name }؟
keysof-revoke-text = تُرفض البرامج التي تستعمله فوراً. لا يمكن استرجاعه.
keysof-made-title = المفتاح { $name }
keysof-once = يظهر المفتاح هذه المرة فقط. انسخه الآن واحفظه حيث يقرؤه برنامجك.
keysof-secret = المفتاح
keysof-example = تجربته
keysof-done = نسخته

area-orders = الطلبات
area-moves = خطوات الطلب
area-customers = الزبائن
area-money = المدفوعات والفواتير
area-catalogue = المنتجات والوسوم والحقول
area-insight = الأرقام والسجل
area-team = الفريق والصلاحيات
area-setup = المتاجر والنظام

right-order-read = رؤية الطلبات
right-order-see-all = رؤية طلبات كل الموظفين
right-order-place = تسجيل الطلبات
right-order-edit = تعديل الطلبات: المنتجات والعنوان والأولوية
right-order-confirm = تأكيد الطلب، انتظار المخزون، إعادة التوفير
right-order-process = بدء التحضير
right-order-ship = التسليم لشركة التوصيل ومتابعة الطريق
right-order-deliver = تسجيل التسليم
right-order-cancel = الإلغاء وإعادة الفتح
right-order-return = طلب إرجاع
right-order-return-approve = قبول المرتجعات ورفضها واستلامها
right-order-refund = إرجاع المال
right-order-correct = تصحيح خطوة خاطئة
right-order-note = كتابة الملاحظات وأحداث التتبع
right-order-hold = تعليق الطلبات ورفع التعليق
right-order-escalate = تصعيد مشكلة إلى المستوى الأعلى
right-escalation-handle = معالجة المشكلات المُصعّدة
right-order-attach = إرفاق الصور والملفات
right-order-bulk = العمل على عدة طلبات معاً
right-order-assign = إسناد الطلبات إلى الموظفين
right-order-archive = إخراج الطلبات من القوائم اليومية
right-order-decide = تسجيل قرارات القواعد والنماذج
right-order-import = استيراد الطلبات من الملفات
right-order-export = تصدير الطلبات إلى ملفات
right-payment-read = رؤية المدفوعات والمبالغ المرجعة
right-payment-record = تسجيل المدفوعات والمبالغ المرجعة
right-number-read = رؤية أرقام الفواتير
right-number-issue = منح أرقام الفواتير وإلغاء الوثائق
right-stats-read = رؤية الأرقام
right-customer-read = رؤية الزبائن
right-customer-edit = تعديل الزبائن
right-customer-merge = دمج زبونين والتراجع عنه
right-customer-export = استخراج كل ما يُحفظ عن شخص
right-customer-erase = محو شخص
right-phone-see = رؤية أرقام الهاتف كاملة
right-phone-reveal = رؤية رقم واحد في كل مرة مع تسجيل ذلك
right-contact-see = رؤية البريد والعنوان كاملين
right-catalogue-read = رؤية المنتجات
right-catalogue-edit = تعديل المنتجات
right-tag-edit = إنشاء الوسوم وتسميتها ودمجها وأرشفتها
right-field-edit = تعريف حقول خاصة بالفريق
right-view-share = مشاركة عروض القوائم
right-store-read = رؤية المتاجر
right-store-edit = فتح المتاجر وتعديلها
right-store-see-all = رؤية كل المتاجر
right-user-read = رؤية الأشخاص والأدوار
right-user-edit = دعوة الأشخاص وتعديلهم وإيقافهم
right-role-edit = إنشاء الأدوار وتعديلها
right-session-edit = رؤية جلسات الآخرين وإنهاؤها
right-api-key-edit = إنشاء مفاتيح الواجهة وإنهاؤها
right-settings-read = رؤية الإعدادات
right-settings-edit = تغيير الإعدادات
right-audit-read = قراءة سجل كل شيء
right-system-read = رؤية الأعمال والجداول وصحة النظام
right-system-edit = إعادة الأعمال وإيقافها وتغيير الجداول
right-log-read = قراءة سجل الخادم
right-backup-take = استخراج النسخ الاحتياطية: كل شيء عن الجميع
roles-from = البدء من
