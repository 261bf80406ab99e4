//! Our workbooks read again, as they are and after LibreOffice wrote them.
