# Pages that say what went wrong.

problem-code = الرمز
problem-not-found-title = هذه الصفحة غير موجودة
problem-not-found-text = ربما نُقلت، أو تخص متجراً لا تراه.
problem-forbidden-title = ليس لديك حق الوصول
problem-forbidden-text = يمكن لمدير في فريقك منحك هذه الصلاحية.
problem-busy-title = قافلة مشغولة
problem-failed-title = حدث خلل من جهتنا
problem-failed-text = لم يضع شيء مما حفظته. أعد المحاولة، وإن استمر الخلل فأعط المدير الرمز.
problem-refused-title = لم ينجح ذلك
problem-home = الذهاب إلى الطلبات
problem-again = إعادة المحاولة
