package io.turnout.routing;

import org.jspecify.annotations.Nullable;

/** Counts how many characters of host and path are read. */
final class CountedRequest implements RequestView {
    private final RequestView request;
    private int reads;

    CountedRequest(RequestView request) {
        this.request = request;
    }

    int reads() {
        return reads;
    }

    @Override
    public CharSequence method() {
        return request.method();
    }

    @Override
    public CharSequence host() {
        return new Counted(request.host());
    }

    @Override
    public CharSequence path() {
        return new Counted(request.path());
    }

    @Override
    public CharSequence query() {
        return request.query();
    }

    @Override
    public @Nullable CharSequence header(CharSequence lowerCaseName) {
        return request.header(lowerCaseName);
    }

    @Override
    public byte[] clientAddress() {
        return request.clientAddress();
    }

    private final class Counted implements CharSequence {
        private final CharSequence text;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            reads++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
