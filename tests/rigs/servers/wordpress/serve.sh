#!/bin/sh
# A WordPress and its database, in $FOLDER and at $WORDPRESS_URL, for as long as our standard input is open: then all of it ends and the
# folder goes, however the one who held the other end has ended. Prints what install.php says of its people.
#   serve.sh PHP MARIADBD SITE       in a process group of its own
set -eu
php=$1 mariadbd=$2 site=$3
here="$(cd "$(dirname "$0")" && pwd)"
export WORDPRESS_CONFIG="$here/wp-config.php" WORDPRESS_SITE="$site"

end() {
    trap '' TERM
    [ -z "${database:-}" ] || kill -KILL "$database" 2>/dev/null || true # nothing in it is needed any more
    kill -TERM 0                                                         # PHP's workers outlive their parent
    wait
    rm -rf "$FOLDER"
}
trap end EXIT
trap 'exit 1' INT TERM

as=''
[ "$(id -u)" != 0 ] || as=--user=root
# shellcheck disable=SC2086  # one word, or none
{
    mariadb-install-db --no-defaults --datadir="$FOLDER/data" --auth-root-authentication-method=normal --skip-test-db $as
    echo 'CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4;' >"$FOLDER/init.sql"
    "$mariadbd" --no-defaults --datadir="$FOLDER/data" --socket="$FOLDER/socket" --skip-networking --init-file="$FOLDER/init.sql" $as \
        --innodb-buffer-pool-size=32M --innodb-flush-log-at-trx-commit=0 --skip-innodb-doublewrite --performance-schema=OFF &
    database=$!
} >"$FOLDER/database.log" 2>&1
until [ -S "$FOLDER/socket" ]; do
    kill -0 "$database"
    sleep 0.05
done
"$php" -d display_errors=stderr -d sendmail_path=/bin/true "$here/install.php"
PHP_CLI_SERVER_WORKERS=3 "$php" -d opcache.enable_cli=1 -d display_errors=0 -d sendmail_path=/bin/true -d upload_max_filesize=8M -d post_max_size=8M -S "${WORDPRESS_URL#http://}" "$here/router.php" \
    >"$FOLDER/php.log" 2>&1 &
read -r _ || true
