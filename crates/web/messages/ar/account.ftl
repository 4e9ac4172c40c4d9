# حساب كل واحد.

account-title = الحساب الشخصي
account-window = الحساب الشخصي · قافلة
account-part-window = { $heading } · الحساب الشخصي · قافلة
account-profile = التعريف
account-role = الدور: { $role }.
account-name = الاسم
account-name-hint = كما يراه الزملاء.
account-look = مظهر الصفحات
account-look-text = تتبعك هذه الخيارات إلى كل جهاز.
account-page-size = الأسطر في القوائم
account-keys-on = مفعّلة
account-keys-off = معطّلة
account-keys-hint = المفاتيح المفردة مثل J وK. يعمل Ctrl K دائماً.
account-email = البريد الإلكتروني
account-email-text = الدخول يتم بالعنوان { $email }. يُعتمد العنوان الجديد بعد فتح الرابط المرسل إليه.
account-email-new = العنوان الجديد
account-email-send = إرسال الرابط
account-password = كلمة السر
account-password-text = تنتهي الجلسات الأخرى عند تغييرها.
account-password-present = كلمة السر الحالية
account-password-new = كلمة السر الجديدة
account-password-save = تغيير كلمة السر
account-factor = العامل الثاني
account-factor-is-on = مفعّل
account-factor-is-off = معطّل
account-factor-on = يطلب الدخول أيضاً رمزاً من تطبيق المصادقة.
account-factor-off = مع رمز من تطبيق على الهاتف لا تكفي كلمة سر مسروقة للدخول.
account-factor-set-up = إعداده
account-factor-turn-on = تفعيل
account-factor-turn-off = تعطيل
account-factor-title = إعداد العامل الثاني
account-factor-intro = دقيقة واحدة وأي تطبيق مصادقة.
account-factor-step-app = فتح تطبيق مصادقة على الهاتف.
account-factor-step-scan = مسح الصورة، أو كتابة المفتاح.
account-factor-step-code = كتابة الأرقام الستة التي يعرضها التطبيق.
account-factor-picture = رمز QR لتطبيق المصادقة
account-factor-secret = المفتاح للكتابة
account-factor-copy = نسخ المفتاح
account-factor-open = فتح في تطبيق على هذا الجهاز
account-factor-code-hint = ستة أرقام. تنتهي الجلسات الأخرى.
account-codes-title = رموز الاسترجاع
account-codes-intro = ليوم ضياع الهاتف: كل رمز يُدخل مرة واحدة بدل رمز التطبيق.
account-codes-once = تُعرض هذه المرة فقط. تُحفظ في غير الهاتف.
account-codes-copy = نسخ الكل
account-codes-kept = تم حفظها
account-codes-renew = رموز استرجاع جديدة
account-codes-left = { $count ->
    [zero] لم يبق أي رمز استرجاع.
    [one] بقي رمز استرجاع واحد.
    [two] بقي رمزا استرجاع.
    [few] بقيت { $n } رموز استرجاع.
    [many] بقي { $n } رمز استرجاع.
    *[other] بقي { $n } رمز استرجاع.
}
account-sessions = الأجهزة المتصلة
account-session-browser = { $browser }، { $system }
account-session-program = برنامج
account-session-unknown = جهاز غير معروف
account-session-this = هذا الجهاز
account-session-trusted = موثوق
account-session-began = منذ { $at }
account-session-seen = آخر استعمال: { $at }
account-session-end = إنهاء
account-session-end-one = إنهاء جلسة { $device }
account-end-others = إنهاء كل الجلسات الأخرى
account-sign-out-all = تسجيل الخروج من كل الأجهزة
account-sign-out-all-title = تسجيل الخروج من كل الأجهزة؟
account-sign-out-all-text = تنتهي كل الجلسات، وهذه أيضاً، ويُعاد الدخول بكلمة السر.
account-done-saved = تم الحفظ
account-done-email = الرابط في طريقه إلى العنوان الجديد
account-done-password = تم تغيير كلمة السر وإنهاء الجلسات الأخرى
account-done-off = العامل الثاني معطّل
account-done-ended = انتهت تلك الجلسة
account-done-others = انتهت كل الجلسات الأخرى
